using System.Numerics;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>Python's arithmetic: integers of any size, division rounded down, floats.</summary>
internal static class Arithmetic
{
    public static TemplateValue Apply(string sign, TemplateValue a, TemplateValue b)
    {
        if (sign == "/") return Divide(a, b);
        if (!a.IsInteger || !b.IsInteger) return sign == "**" ? Power(a, b) : Floating(sign, Integers.ToFloat(a), Integers.ToFloat(b));
        if (sign is "+" or "-" && a.Kind != ValueKind.BigInteger && b.Kind != ValueKind.BigInteger)
        {
            var sum = sign == "+" ? (Int128)a.Integer + b.Integer : (Int128)a.Integer - b.Integer;
            if (sum >= long.MinValue && sum <= long.MaxValue) return (long)sum;
        }

        return sign == "**" ? Power(a, b) : Integral(sign, a.BigInteger, b.BigInteger);
    }

    private static TemplateValue Integral(string sign, BigInteger x, BigInteger y)
    {
        if (sign == "+") return Integers.Checked(x + y);
        if (sign == "-") return Integers.Checked(x - y);
        if (sign == "*") return Integers.Checked(x * y);
        if (y.IsZero)
            throw new TemplateFault(TemplateErrorKind.ZeroDivisionError, sign == "%" ? "integer modulo by zero" : "integer division or modulo by zero");
        var quotient = BigInteger.DivRem(x, y, out var remainder);
        if (!remainder.IsZero && remainder.Sign != y.Sign) (quotient, remainder) = (quotient - 1, remainder + y);
        return sign == "%" ? remainder : quotient;
    }

    private static TemplateValue Floating(string sign, double x, double y)
    {
        switch (sign)
        {
            case "+": return x + y;
            case "-": return x - y;
            case "*": return x * y;
        }

        if (y == 0) throw new TemplateFault(TemplateErrorKind.ZeroDivisionError, sign == "%" ? "float modulo" : "float floor division by zero");
        // As CPython: the remainder has the sign of the divisor, and the quotient is exact for it.
        var remainder = x % y;
        var quotient = (x - remainder) / y;
        if (remainder != 0 && remainder < 0 != y < 0) (remainder, quotient) = (remainder + y, quotient - 1);
        if (remainder == 0) remainder = Math.CopySign(0.0, y);
        if (sign == "%") return remainder;
        if (quotient == 0) return Math.CopySign(0.0, x / y);
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static TemplateValue Divide(TemplateValue a, TemplateValue b)
    {
        var isZero = b.Kind == ValueKind.Float ? b.Float == 0 : b.BigInteger.IsZero;
        if (isZero) throw new TemplateFault(TemplateErrorKind.ZeroDivisionError, a.IsInteger && b.IsInteger ? "division by zero" : "float division by zero");
        if (a.Kind != ValueKind.BigInteger && b.Kind != ValueKind.BigInteger) return Integers.ToFloat(a) / Integers.ToFloat(b);
        if (!a.IsInteger || !b.IsInteger) return Integers.ToFloat(a) / Integers.ToFloat(b);
        // Of large integers: scaled so that the quotient has 64 bits and more.
        var (x, y) = (a.BigInteger, b.BigInteger);
        var shift = (int)Math.Max(0, y.GetBitLength() - x.GetBitLength() + 66);
        var quotient = BigInteger.DivRem(BigInteger.Abs(x) << shift, BigInteger.Abs(y), out var remainder);
        if (!remainder.IsZero) quotient |= 1;
        var result = Math.ScaleB(Integers.Rounded(quotient), -shift) * x.Sign * y.Sign;
        return double.IsFinite(result) ? result : throw new TemplateFault(TemplateErrorKind.OverflowError, "integer division result too large for a float");
    }

    private static TemplateValue Power(TemplateValue a, TemplateValue b)
    {
        if (a.IsInteger && b.IsInteger && b.BigInteger.Sign >= 0)
        {
            var (x, y) = (a.BigInteger, b.BigInteger);
            if (x.IsZero || x.IsOne || x == BigInteger.MinusOne) return y.IsZero || (x == BigInteger.MinusOne && y.IsEven) ? 1L : a.BigInteger;
            Integers.CheckBits((double)y * (x.GetBitLength() - 1));
            return Integers.Checked(BigInteger.Pow(x, (int)y));
        }

        var (p, q) = (Integers.ToFloat(a), Integers.ToFloat(b));
        if (p == 0 && q < 0) throw new TemplateFault(TemplateErrorKind.ZeroDivisionError, "0.0 cannot be raised to a negative power");
        if (p < 0 && Math.Floor(q) != q && double.IsFinite(q)) throw TemplateFault.Value("a complex number is not supported");
        var result = Math.Pow(p, q);
        return double.IsInfinity(result) && double.IsFinite(p) && double.IsFinite(q)
            ? throw new TemplateFault(TemplateErrorKind.OverflowError, "(34, 'Numerical result out of range')") : result;
    }
}
