using System.Globalization;
using System.Numerics;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>Filters for numbers.</summary>
internal static class NumberFilters
{
    public static IEnumerable<KeyValuePair<string, Filter>> All =>
    [
        Filter.Create(new Signature("abs", 0), Absolute),
        Filter.Create(new Signature("int", 0, "default", "base"), ToInteger),
        Filter.Create(new Signature("float", 0, "default"), (_, value, a) => ToFloat(value) is { } number ? number : a[0].IsMissing ? 0.0 : a[0]),
        Filter.Create(new Signature("round", 0, "precision", "method"), Round),
        Filter.Create(new Signature("filesizeformat", 0, "binary"), FileSize),
    ];

    /// <summary>Python's float() of a value; null where that is a TypeError or ValueError.</summary>
    public static double? ToFloat(TemplateValue value)
    {
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        return value.IsNumber ? Integers.ToFloat(value) : value.IsString ? ParseFloat(value.String.Value) : null;
    }

    private static double? ParseFloat(string text)
    {
        var digits = text.AsSpan().Trim();
        for (var i = 0; i < digits.Length; i++)
        {
            if (digits[i] == '_' && (i == 0 || i == digits.Length - 1 || !char.IsAsciiDigit(digits[i - 1]) || !char.IsAsciiDigit(digits[i + 1]))) return null;
        }

        var plain = digits.ToString().Replace("_", "", StringComparison.Ordinal);
        var isNegative = plain.StartsWith('-');
        switch (plain.TrimStart('-', '+').ToLowerInvariant())
        {
            case "nan": return double.NaN;
            case "inf" or "infinity" when plain.Length - plain.TrimStart('-', '+').Length <= 1:
                return isNegative ? double.NegativeInfinity : double.PositiveInfinity;
        }

        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign;
        return double.TryParse(plain, style, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static TemplateValue Absolute(Renderer renderer, TemplateValue value, TemplateValue[] a) => value.Kind switch
    {
        ValueKind.Float => Math.Abs(value.Float),
        ValueKind.Integer or ValueKind.BigInteger or ValueKind.Boolean => BigInteger.Abs(value.BigInteger),
        _ => throw TemplateFault.Type($"bad operand type for abs(): '{TypeNames.Of(value)}'"),
    };

    private static TemplateValue ToInteger(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        if (value.IsInteger) return value.BigInteger;
        if (value.Kind == ValueKind.Float && double.IsInfinity(value.Float))
            throw new TemplateFault(TemplateErrorKind.OverflowError, "cannot convert float infinity to integer");
        if (value.IsString && Integers.Parse(value.String.Value, FilterArguments.Integer(a[1], 10)) is { } parsed) return parsed;
        return ToFloat(value) is { } number && double.IsFinite(number) ? new BigInteger(Math.Truncate(number)) : a[0].IsMissing ? 0 : a[0];
    }

    private static TemplateValue Round(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var method = a[1].IsMissing ? "common" : renderer.Text(a[1]).Value;
        if (method is not ("common" or "ceil" or "floor")) throw TemplateFault.Argument("method must be common, ceil or floor");
        if (!value.IsNumber) throw TemplateFault.Type($"type {TypeNames.Of(value)} doesn't define __round__ method");
        var isDefault = FilterArguments.IsAbsent(a[0]);
        var precision = isDefault ? 0 : FilterArguments.Integer(a[0]);
        if (method == "common") return value.IsInteger ? RoundInteger(value.BigInteger, precision) : RoundFloat(value.Float, precision, a[0].IsNone);
        var scale = Operators.Apply(renderer, "**", 10, precision);
        var scaled = Operators.Apply(renderer, "*", value, scale);
        if (scaled.Kind == ValueKind.Float)
        {
            if (!double.IsFinite(scaled.Float)) throw new TemplateFault(TemplateErrorKind.OverflowError, "cannot convert float infinity to integer");
            scaled = new BigInteger(method == "ceil" ? Math.Ceiling(scaled.Float) : Math.Floor(scaled.Float));
        }

        return Operators.Apply(renderer, "/", scaled, scale);
    }

    private static TemplateValue RoundFloat(double value, int precision, bool isInteger)
    {
        if (!isInteger) return Floats.Round(value, precision);
        return double.IsFinite(value) ? Floats.RoundScaled(value, 0) : throw TemplateFault.Value("cannot convert float to integer");
    }

    private static TemplateValue RoundInteger(BigInteger value, int precision)
    {
        if (precision >= 0 || value.IsZero) return value;
        if (precision < -5000) return 0;
        var unit = BigInteger.Pow(10, -precision);
        var quotient = BigInteger.DivRem(BigInteger.Abs(value), unit, out var rest);
        var twice = (rest * 2).CompareTo(unit);
        if (twice > 0 || (twice == 0 && !quotient.IsEven)) quotient++;
        return quotient * unit * value.Sign;
    }

    private static TemplateValue FileSize(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        if (!value.IsUndefined && !value.IsNumber && !value.IsString)
            throw TemplateFault.Type($"float() argument must be a string or a real number, not '{TypeNames.Of(value)}'");
        var bytes = ToFloat(value) ?? throw TemplateFault.Value($"could not convert string to float: {Representation.ForMessage(value)}");
        var isBinary = FilterArguments.Flag(a[0]);
        var unit = isBinary ? 1024.0 : 1000.0;
        if (bytes == 1) return TemplateValue.Trusted("1 Byte");
        if (bytes < unit) return TemplateValue.Trusted(((long)bytes).ToString(CultureInfo.InvariantCulture) + " Bytes");
        const string prefixes = "kMGTPEZY";
        var (i, scale) = (0, unit * unit);
        for (; i < prefixes.Length - 1 && bytes >= scale; i++) scale *= unit;
        var prefix = isBinary ? char.ToUpperInvariant(prefixes[i]) + "i" : prefixes[i].ToString();
        return TemplateValue.Trusted($"{Floats.Fixed(unit * bytes / scale, 1)} {prefix}B");
    }
}
