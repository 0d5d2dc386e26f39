using System.Globalization;
using System.Numerics;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>Integers of any size, up to a limit.</summary>
internal static class Integers
{
    private const int MaxBits = 1 << 16;
    private const int MaxDigits = 4300;

    /// <summary>A result as a value.</summary>
    /// <exception cref="TemplateFault">It has more than 65536 bits.</exception>
    public static TemplateValue Checked(BigInteger value)
    {
        CheckBits(value.GetBitLength());
        return value;
    }

    /// <exception cref="TemplateFault">There would be more than 65536 bits.</exception>
    public static void CheckBits(double bits)
    {
        if (bits > MaxBits) throw new TemplateFault(TemplateErrorKind.OverflowError, "an integer is too large, at most 65536 bits are possible");
    }

    /// <exception cref="TemplateFault">It has more than 4300 digits, Python's limit.</exception>
    public static string Text(BigInteger value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.Length - (value.Sign < 0 ? 1 : 0) <= MaxDigits ? text
            : throw TemplateFault.Value("Exceeds the limit (4300 digits) for integer string conversion");
    }

    /// <summary>The float of an integer.</summary>
    /// <exception cref="TemplateFault">It is too large.</exception>
    public static double ToFloat(TemplateValue value)
    {
        if (value.Kind == ValueKind.Float) return value.Float;
        if (value.Kind != ValueKind.BigInteger) return value.Integer;
        var result = Rounded(value.BigInteger);
        return double.IsFinite(result) ? result : throw new TemplateFault(TemplateErrorKind.OverflowError, "int too large to convert to float");
    }

    /// <summary>The nearest float, ties to even. The conversion of .NET cuts bits off.</summary>
    public static double Rounded(BigInteger value)
    {
        var shift = (int)Math.Max(0, BigInteger.Abs(value).GetBitLength() - 64);
        var top = BigInteger.Abs(value) >> shift;
        var bits = (ulong)top;
        if (shift > 0 && top << shift != BigInteger.Abs(value)) bits |= 1;
        return Math.ScaleB(value.Sign * (double)bits, shift);
    }

    /// <summary>Python's int(text, base), or null if it is not one. White space around and underscores between digits are allowed.</summary>
    public static BigInteger? Parse(string text, int numberBase)
    {
        var span = text.AsSpan();
        while (span.Length > 0 && Characters.IsSpace(span[0])) span = span[1..];
        while (span.Length > 0 && Characters.IsSpace(span[^1])) span = span[..^1];
        var isNegative = span.Length > 0 && span[0] == '-';
        if (span.Length > 0 && span[0] is '-' or '+') span = span[1..];
        var prefix = span.Length > 1 && span[0] == '0' ? char.ToLowerInvariant(span[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        var hasPrefix = prefix != 0 && (numberBase == 0 || numberBase == prefix);
        if (hasPrefix)
        {
            numberBase = prefix;
            span = span.Length > 2 && span[2] == '_' ? span[3..] : span[2..];
        }

        var mustBeZero = numberBase == 0 && span.Length > 1 && span[0] == '0';
        if (numberBase == 0) numberBase = 10;
        if (span.Length is 0 or > MaxDigits) return null;
        var value = BigInteger.Zero;
        for (var i = 0; i < span.Length; i++)
        {
            if (span[i] == '_' && i > 0 && i + 1 < span.Length && span[i - 1] != '_') continue;
            var digit = DigitOf(span[i]);
            if (digit < 0 || digit >= numberBase) return null;
            value = (value * numberBase) + digit;
        }

        if (mustBeZero && !value.IsZero) return null;
        return isNegative ? -value : value;
    }

    private static int DigitOf(char c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a' + 10,
        >= 'A' and <= 'Z' => c - 'A' + 10,
        _ => CharUnicodeInfo.GetDecimalDigitValue(c),
    };
}
