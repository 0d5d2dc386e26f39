using System.Globalization;
using System.Numerics;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>Floats as Python prints and rounds them.</summary>
internal static class Floats
{
    /// <summary>The repr: the shortest digits that give the same float; with an exponent below 1e-4 and from 1e16 on.</summary>
    public static string Text(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Digits(shortest);
        var sign = double.IsNegative(value) ? "-" : "";
        if (exponent is < -4 or >= 16) return sign + Scientific(digits, exponent);
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1) return $"{sign}{digits}{new string('0', exponent + 1 - digits.Length)}.0";
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>The value with so many digits after the point, exactly rounded, ties to even; the sign in front.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value)) return Text(value);
        var scaled = BigInteger.Abs(RoundScaled(value, decimals));
        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var text = decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}";
        return double.IsNegative(value) ? "-" + text : text;
    }

    /// <summary>The value with an exponent, as %e: one digit before the point.</summary>
    public static string Exponent(double value, int decimals)
    {
        if (!double.IsFinite(value)) return Text(value);
        var text = value.ToString($"E{decimals}", CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        return $"{text[..at]}e{text[at + 1]}{text[(at + 2)..].TrimStart('0').PadLeft(2, '0')}";
    }

    /// <summary>The value with so many significant digits, as %g.</summary>
    public static string General(double value, int precision, bool keepsZeros = false)
    {
        if (!double.IsFinite(value)) return Text(value);
        precision = Math.Max(precision, 1);
        var scientific = Exponent(value, precision - 1);
        var at = scientific.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(scientific.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var isScientific = exponent < -4 || exponent >= precision;
        var digits = isScientific ? scientific[..at] : Fixed(value, precision - 1 - exponent);
        if (!keepsZeros && digits.Contains('.', StringComparison.Ordinal)) digits = digits.TrimEnd('0').TrimEnd('.');
        return isScientific ? digits + scientific[at..] : digits;
    }

    /// <summary>Python's round(value, decimals).</summary>
    public static double Round(double value, int decimals)
    {
        if (!double.IsFinite(value) || decimals > 330) return value;
        if (decimals < -330) return 0.0 * value;
        var text = RoundScaled(value, decimals).ToString(CultureInfo.InvariantCulture);
        var rounded = double.Parse($"{text}e{(-decimals).ToString(CultureInfo.InvariantCulture)}", NumberStyles.Float, CultureInfo.InvariantCulture);
        return rounded == 0 ? 0.0 * value : rounded;
    }

    /// <summary>value times 10^decimals as an integer, exactly rounded, ties to even.</summary>
    public static BigInteger RoundScaled(double value, int decimals)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger numerator = exponent == 0 ? bits & 0xFFFFFFFFFFFFF : (bits & 0xFFFFFFFFFFFFF) | (1L << 52);
        var denominator = BigInteger.One;
        exponent = Math.Max(exponent, 1) - 1075;
        if (exponent >= 0) numerator <<= exponent;
        else denominator <<= -exponent;
        if (decimals >= 0) numerator *= BigInteger.Pow(10, decimals);
        else denominator *= BigInteger.Pow(10, -decimals);
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var twice = (remainder * 2).CompareTo(denominator);
        if (twice > 0 || (twice == 0 && !quotient.IsEven)) quotient++;
        return value < 0 ? -quotient : quotient;
    }

    private static string Scientific(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    // The significant digits of .NET's shortest form, and the exponent of the first.
    private static (string Digits, int Exponent) Digits(string shortest)
    {
        var at = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = at < 0 ? 0 : int.Parse(shortest.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = (at < 0 ? shortest : shortest[..at]).TrimStart('-');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var zeros = all.Length - all.TrimStart('0').Length;
        if (zeros == all.Length) return ("0", 0);
        return (all.Trim('0'), exponent + whole - 1 - zeros);
    }
}
