using System.Globalization;
using System.Numerics;

namespace ArchGen.Grammars.JsonSchema.Numbers;

/// <summary>A number of JSON without rounding: <c>Coefficient</c> times ten to the power of <c>Exponent</c>, without zeros at the coefficient's end.</summary>
internal readonly record struct ExactDecimal(BigInteger Coefficient, int Exponent)
{
    /// <summary>The most digits that a number of a schema may have when it is written without an exponent.</summary>
    public const int MaxDigits = 400;

    /// <summary>Reads a number as JSON spells it.</summary>
    /// <returns>Null if it has more than <see cref="MaxDigits"/> digits.</returns>
    public static ExactDecimal? Parse(string text)
    {
        if (text.Length > MaxDigits * 2) return null;
        var mark = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = mark < 0 ? text : text[..mark];
        var exponent = 0;
        if (mark >= 0 && !int.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return null;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        if (!BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var coefficient)) return null;
        if (coefficient.IsZero) return new(0, 0);
        if (Math.Abs((long)exponent) > MaxDigits) return null;
        return Strip(coefficient, point < 0 ? exponent : exponent - (mantissa.Length - point - 1));
    }

    public bool IsInteger => Exponent >= 0;

    public bool IsNegative => Coefficient.Sign < 0;

    /// <summary>The digits before the decimal point, without sign; "0" if there is none.</summary>
    public string IntegerDigits
    {
        get
        {
            var digits = Digits;
            if (Exponent >= 0) return digits.Length == 1 && digits[0] == '0' ? digits : digits + new string('0', Exponent);
            return digits.Length > -Exponent ? digits[..(digits.Length + Exponent)] : "0";
        }
    }

    /// <summary>The digits after the decimal point, without zeros at the end; may be empty.</summary>
    public string FractionDigits
    {
        get
        {
            if (Exponent >= 0) return "";
            var digits = Digits.PadLeft(-Exponent, '0');
            return digits[(digits.Length + Exponent)..];
        }
    }

    private string Digits => BigInteger.Abs(Coefficient).ToString(CultureInfo.InvariantCulture);

    private static ExactDecimal Strip(BigInteger coefficient, int exponent)
    {
        while (true)
        {
            var quotient = BigInteger.DivRem(coefficient, 10, out var remainder);
            if (!remainder.IsZero) return new(coefficient, exponent);
            coefficient = quotient;
            exponent++;
        }
    }
}
