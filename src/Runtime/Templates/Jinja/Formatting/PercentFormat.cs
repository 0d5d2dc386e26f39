using System.Globalization;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>Python's format % values.</summary>
internal sealed class PercentFormat
{
    private readonly Renderer _renderer;
    private readonly JinjaString _format;
    private readonly TemplateValue _values;
    private readonly JinjaStringBuilder _output;
    private int _at, _used;

    private PercentFormat(Renderer renderer, JinjaString format, TemplateValue values)
    {
        (_renderer, _format, _values, _output) = (renderer, format, values, new JinjaStringBuilder(renderer.Budget));
    }

    /// <exception cref="TemplateFault">The values do not match the format.</exception>
    public static JinjaString Format(Renderer renderer, JinjaString format, TemplateValue values)
    {
        var formatter = new PercentFormat(renderer, format, values);
        formatter.Run();
        return formatter._output.ToJinjaString().AsMarkup(format.IsMarkup);
    }

    private void Run()
    {
        var text = _format.Value;
        while (_at < text.Length)
        {
            var next = text.IndexOf('%', _at);
            if (next < 0) next = text.Length;
            _output.Append(_format, _at, next);
            _at = next;
            if (_at < text.Length) Field();
        }

        var given = _values.Object is Sequence { IsTuple: true } tuple ? tuple.Count : _values.Object is Mapping or Sequence ? _used : 1;
        if (_used < given) throw TemplateFault.Type("not all arguments converted during string formatting");
    }

    private void Field()
    {
        var key = default(TemplateValue);
        var start = _at++;
        if (Peek() == '(')
        {
            var close = _format.Value.IndexOf(')', _at);
            if (close < 0) throw TemplateFault.Value("incomplete format key");
            key = TemplateValue.Of(_format.Slice(_at + 1, close));
            _at = close + 1;
        }

        var flags = "";
        while (Peek() is '-' or '+' or ' ' or '#' or '0') flags += _format.Value[_at++];
        var width = Number();
        if (width < 0) (flags, width) = (flags + "-", -width);
        var precision = -1;
        if (Peek() == '.')
        {
            _at++;
            precision = Math.Max(0, Number());
        }

        while (Peek() is 'h' or 'l' or 'L') _at++;
        if (_at >= _format.Length) throw TemplateFault.Value("incomplete format");
        var kind = _format.Value[_at++];
        if (kind == '%') _output.Append("%", _format.OriginAt(start));
        else Convert(kind, flags, width, precision, Value(key));
    }

    private char Peek() => _at < _format.Length ? _format.Value[_at] : '\0';

    private int Number()
    {
        if (Peek() == '*')
        {
            _at++;
            var given = Value(default);
            return given.IsInteger && BigIntegerFits(given) ? (int)given.Integer : throw TemplateFault.Type("* wants int");
        }

        var number = 0;
        for (; char.IsAsciiDigit(Peek()); _at++)
        {
            number = (number * 10) + (Peek() - '0');
            if (number > 1 << 24) throw TemplateFault.Value("width too big");
        }

        return number;
    }

    private static bool BigIntegerFits(TemplateValue value) => value.BigInteger >= -(1 << 24) && value.BigInteger <= 1 << 24;

    private TemplateValue Value(TemplateValue key)
    {
        if (!key.IsMissing)
        {
            if (_values.Object is not Mapping dict) throw TemplateFault.Type("format requires a mapping");
            var value = dict.Find(key, _renderer.Budget);
            return value.IsMissing ? throw new TemplateFault(TemplateErrorKind.LookupError, Representation.ForMessage(key)) : value;
        }

        var items = _values.Object is Sequence { IsTuple: true } tuple ? tuple.Items : [_values];
        return _used < items.Length ? items[_used++] : throw TemplateFault.Type("not enough arguments for format string");
    }

    private void Convert(char kind, string flags, int width, int precision, TemplateValue value)
    {
        if (kind is 's' or 'r' or 'a')
        {
            var text = kind == 's' ? _renderer.Text(value) : Representation.Of(value, _renderer.Budget);
            if (precision >= 0 && precision < text.CodePoints) text = text.Slice(0, text.PositionOf(precision));
            Pad(_format.IsMarkup ? Html.Escape(_renderer, text) : text, flags.Contains('-'), width);
            return;
        }

        if (kind == 'c' && value.IsString && value.String.CodePoints == 1)
        {
            Pad(value.String, flags.Contains('-'), width);
            return;
        }

        var (sign, digits) = kind switch
        {
            'd' or 'i' or 'u' => NumberText.Decimal(Integer(value, kind, allowsFloat: true), precision),
            'x' or 'X' or 'o' => NumberText.Based(Integer(value, kind, allowsFloat: false), kind, precision, flags.Contains('#')),
            'e' or 'E' or 'f' or 'F' or 'g' or 'G' => NumberText.Float(Float(value), kind, precision < 0 ? 6 : precision, flags.Contains('#')),
            'c' when value.IsInteger && BigIntegerFits(value) && System.Text.Rune.IsValid((int)value.Integer) =>
                ("", char.ConvertFromUtf32((int)value.Integer)),
            'c' => throw TemplateFault.Type("%c requires int or char"),
            _ => throw TemplateFault.Value(string.Create(
                CultureInfo.InvariantCulture, $"unsupported format character '{kind}' (0x{(int)kind:x}) at index {_at - 1}")),
        };
        if (sign.Length == 0 && kind != 'c') sign = flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";
        if (flags.Contains('0') && !flags.Contains('-')) digits = digits.PadLeft(Math.Max(0, width - sign.Length), '0');
        Pad(new JinjaString(sign + digits, TextOrigin.Template), flags.Contains('-'), width);
    }

    private void Pad(JinjaString text, bool isLeft, int width)
    {
        var missing = width - text.CodePoints;
        if (!isLeft) _output.Append(' ', missing);
        _output.Append(text);
        if (isLeft) _output.Append(' ', missing);
    }

    private static System.Numerics.BigInteger Integer(TemplateValue value, char kind, bool allowsFloat)
    {
        if (value.IsInteger) return value.BigInteger;
        if (allowsFloat && value.Kind == ValueKind.Float && double.IsFinite(value.Float)) return new(Math.Truncate(value.Float));
        throw TemplateFault.Type($"%{kind} format: {(allowsFloat ? "a real number" : "an integer")} is required, not {TypeNames.Of(value)}");
    }

    private static double Float(TemplateValue value) => value.IsNumber ? Integers.ToFloat(value)
        : throw TemplateFault.Type($"must be real number, not {TypeNames.Of(value)}");
}
