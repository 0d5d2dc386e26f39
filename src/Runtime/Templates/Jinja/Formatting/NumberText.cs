using System.Globalization;
using System.Numerics;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>Numbers as formats write them: the sign, and the digits.</summary>
internal static class NumberText
{
    private const int MaxPrecision = 1000;

    public static (string Sign, string Digits) Decimal(BigInteger value, int precision) =>
        (value.Sign < 0 ? "-" : "", Integers.Text(BigInteger.Abs(value)).PadLeft(Math.Clamp(precision, 0, MaxPrecision), '0'));

    /// <summary>In hexadecimal (x, X), octal (o) or binary (b).</summary>
    public static (string Sign, string Digits) Based(BigInteger value, char kind, int precision, bool hasPrefix)
    {
        var absolute = BigInteger.Abs(value);
        var bits = kind switch { 'o' => 3, 'b' => 1, _ => 4 };
        var digits = new System.Text.StringBuilder();
        do
        {
            digits.Insert(0, "0123456789abcdef"[(int)(absolute & ((1 << bits) - 1))]);
            absolute >>= bits;
        }
        while (!absolute.IsZero);
        var text = digits.ToString().PadLeft(Math.Clamp(precision, 0, MaxPrecision), '0');
        if (hasPrefix) text = $"0{char.ToLowerInvariant(kind)}{text}";
        return (value.Sign < 0 ? "-" : "", kind == 'X' ? text.ToUpperInvariant() : text);
    }

    /// <summary>As f, e or g, with so many digits; in capitals for a capital letter.</summary>
    public static (string Sign, string Digits) Float(double value, char kind, int precision, bool isAlternate)
    {
        if (precision > MaxPrecision) throw TemplateFault.Value(string.Create(CultureInfo.InvariantCulture, $"a precision is at most {MaxPrecision}"));
        var text = char.ToLowerInvariant(kind) switch
        {
            'f' => Floats.Fixed(value, precision),
            'e' => Floats.Exponent(value, precision),
            _ => Floats.General(value, precision, isAlternate),
        };
        var sign = text.StartsWith('-') ? "-" : "";
        text = text[sign.Length..];
        return (sign, char.IsUpper(kind) ? text.ToUpperInvariant() : text);
    }
}
