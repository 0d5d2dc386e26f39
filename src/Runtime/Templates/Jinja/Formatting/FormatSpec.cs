using System.Globalization;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>Python's format specification: [[fill]align][sign][#][0][width][grouping][.precision][type].</summary>
internal sealed class FormatSpec
{
    private string _fill = " ";
    private char _align, _sign = '-', _grouping, _kind;
    private bool _isAlternate;
    private int _width, _precision = -1;

    /// <summary>The value in the format that a specification asks for.</summary>
    /// <exception cref="TemplateFault">The specification is not possible for the value.</exception>
    public static JinjaString Apply(Renderer renderer, TemplateValue value, string spec)
    {
        if (spec.Length == 0) return renderer.Text(value);
        if (!value.IsNumber && !value.IsString)
            throw TemplateFault.Type($"unsupported format string passed to {TypeNames.Of(value)}.__format__");
        return Parse(spec, isNumber: value.IsNumber).Apply(renderer, value);
    }

    private static FormatSpec Parse(string spec, bool isNumber)
    {
        var (format, i) = (new FormatSpec(), 0);
        var first = char.IsSurrogatePair(spec, 0) ? 2 : 1;
        if (spec.Length > first && spec[first] is '<' or '>' or '^' or '=')
        {
            (format._fill, format._align) = (spec[..first], spec[first]);
            i = first + 1;
        }
        else if (spec[0] is '<' or '>' or '^' or '=')
        {
            format._align = spec[i++];
        }

        if (i < spec.Length && spec[i] is '+' or '-' or ' ') format._sign = spec[i++];
        if (i < spec.Length && spec[i] == '#') (format._isAlternate, i) = (true, i + 1);
        if (i < spec.Length && spec[i] == '0')
        {
            i++;
            if (format._align == 0) (format._fill, format._align) = ("0", isNumber ? '=' : '<');
        }

        format._width = Number(spec, ref i);
        if (i < spec.Length && spec[i] is ',' or '_') format._grouping = spec[i++];
        if (i < spec.Length && spec[i] == '.')
        {
            i++;
            if (i == spec.Length || !char.IsAsciiDigit(spec[i])) throw TemplateFault.Value("Format specifier missing precision");
            format._precision = Number(spec, ref i);
        }

        if (i < spec.Length) format._kind = spec[i++];
        return i == spec.Length ? format : throw TemplateFault.Value("Invalid format specifier");
    }

    private static int Number(string spec, ref int i)
    {
        var number = 0;
        for (; i < spec.Length && char.IsAsciiDigit(spec[i]); i++)
        {
            number = (number * 10) + (spec[i] - '0');
            if (number > 1 << 24) throw TemplateFault.Value("Too many decimal digits in format string");
        }

        return number;
    }

    private JinjaString Apply(Renderer renderer, TemplateValue value)
    {
        if (value.IsString)
        {
            if (_kind is not ('\0' or 's')) throw Unknown(value);
            if (_align == '=') throw TemplateFault.Value("'=' alignment not allowed in string format specifier");
            var text = value.String;
            if (_precision >= 0 && _precision < text.CodePoints) text = text.Slice(0, text.PositionOf(_precision));
            return Pad(renderer, JinjaString.Empty, text, _align == 0 ? '<' : _align);
        }

        var (sign, digits) = Digits(value);
        if (sign.Length == 0 && _sign != '-') sign = _sign.ToString();
        if (_grouping != 0) digits = Group(digits, _fill == "0" && _align == '=' ? _width - sign.Length : 0);
        return Pad(renderer, Plain(sign), Plain(digits), _align == 0 ? '>' : _align);
    }

    private static JinjaString Plain(string text) => new(text, TextOrigin.Template);

    private (string Sign, string Digits) Digits(TemplateValue value)
    {
        var isInteger = value.IsInteger;
        if (value.Kind == ValueKind.Boolean && _kind == 0) return NumberText.Decimal(value.BigInteger, -1);
        if (isInteger && _kind is ('\0' or 'd' or 'n')) return NumberText.Decimal(value.BigInteger, -1);
        if (isInteger && _kind is ('x' or 'X' or 'o' or 'b')) return NumberText.Based(value.BigInteger, _kind, -1, _isAlternate);
        if (isInteger && _kind == 'c')
        {
            var isValid = value.Integer is >= 0 and <= 0x10FFFF && System.Text.Rune.IsValid((int)value.Integer);
            return isValid ? ("", char.ConvertFromUtf32((int)value.Integer))
                : throw new TemplateFault(TemplateErrorKind.OverflowError, "%c arg not in range(0x110000)");
        }

        var number = Integers.ToFloat(value);
        switch (_kind)
        {
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n':
                return NumberText.Float(number, _kind == 'n' ? 'g' : _kind, _precision < 0 ? 6 : _precision, _isAlternate);
            case '%':
                var (sign, digits) = NumberText.Float(number * 100, 'f', _precision < 0 ? 6 : _precision, _isAlternate);
                return (sign, digits + "%");
            case '\0':
                var text = _precision < 0 ? Floats.Text(number) : WithPoint(Floats.General(number, _precision), number);
                return text.StartsWith('-') ? ("-", text[1..]) : ("", text);
            default: throw Unknown(value);
        }
    }

    // Without a type, a float has a point: 1.0 in three digits is 1.0.
    private static string WithPoint(string text, double number) =>
        double.IsFinite(number) && text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text;

    private TemplateFault Unknown(TemplateValue value) => TemplateFault.Value($"Unknown format code '{_kind}' for object of type '{TypeNames.Of(value)}'");

    private string Group(string digits, int width)
    {
        var size = _kind is 'x' or 'X' or 'o' or 'b' ? 4 : 3;
        var end = 0;
        while (end < digits.Length && char.IsAsciiHexDigit(digits[end]) && !(size == 3 && digits[end] is 'e' or 'E')) end++;
        var whole = digits[..end];
        while (true)
        {
            var text = whole;
            for (var i = whole.Length - size; i > 0; i -= size) text = text.Insert(i, _grouping.ToString(CultureInfo.InvariantCulture));
            text += digits[end..];
            if (text.Length >= width || whole.Length > width) return text;
            whole = "0" + whole;
        }
    }

    private JinjaString Pad(Renderer renderer, JinjaString sign, JinjaString text, char align)
    {
        var missing = Math.Max(0, _width - sign.CodePoints - text.CodePoints);
        var left = align switch { '<' => 0, '^' => missing / 2, _ => missing };
        var output = new JinjaStringBuilder(renderer.Budget);
        if (align == '=') output.Append(sign);
        for (var i = 0; i < left; i++) output.Append(_fill);
        if (align != '=') output.Append(sign);
        output.Append(text);
        for (var i = 0; i < missing - left; i++) output.Append(_fill);
        return output.ToJinjaString();
    }
}
