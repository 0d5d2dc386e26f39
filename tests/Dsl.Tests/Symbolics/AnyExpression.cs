using System.Numerics;
using CsCheck;

namespace ArchGen.Dsl.Tests.Symbolics;

/// <summary>An expression over a few names, as a dimension and as an exact rational number.</summary>
internal sealed record AnyExpression(Dim Dim, Func<IReadOnlyDictionary<string, long>, (BigInteger Numerator, BigInteger Denominator)> Value)
{
    public static readonly string[] Names = ["A", "B", "C", "Heads"];

    private static readonly Gen<AnyExpression> Leaf = Gen.Frequency(
        (1, Gen.Int[1, 6].Select(number => new AnyExpression(number, _ => (number, 1)))),
        (2, Gen.OneOf(Names).Select(name => new AnyExpression(Dim.Symbol(name), numbers => (numbers[name], 1)))));

    /// <summary>A positive number for each name.</summary>
    public static readonly Gen<Dictionary<string, long>> Numbers =
        Gen.Long[1, 12].Array[Names.Length].Select(values => Names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second));

    /// <summary>Expressions of limited depth; divisors are single terms, as in the shapes of models.</summary>
    public static Gen<AnyExpression> OfDepth(int depth)
    {
        if (depth == 0) return Leaf;
        var smaller = OfDepth(depth - 1);
        return Gen.Frequency(
            (1, Leaf),
            (1, Gen.Select(smaller, smaller, (a, b) => a + b)),
            (1, Gen.Select(smaller, smaller, (a, b) => a - b)),
            (1, Gen.Select(smaller, smaller, (a, b) => a * b)),
            (1, Gen.Select(smaller, Leaf, (a, b) => a / b)));
    }

    /// <summary>For the message of a test that fails.</summary>
    public override string ToString() => Dim.ToString();

    public static AnyExpression operator +(AnyExpression a, AnyExpression b) => new(a.Dim + b.Dim, n => Combine(a.Value(n), b.Value(n), 1));

    public static AnyExpression operator -(AnyExpression a, AnyExpression b) => new(a.Dim - b.Dim, n => Combine(a.Value(n), b.Value(n), -1));

    public static AnyExpression operator *(AnyExpression a, AnyExpression b) =>
        new(a.Dim * b.Dim, n => Reduce(a.Value(n).Numerator * b.Value(n).Numerator, a.Value(n).Denominator * b.Value(n).Denominator));

    public static AnyExpression operator /(AnyExpression a, AnyExpression b) =>
        new(a.Dim / b.Dim, n => Reduce(a.Value(n).Numerator * b.Value(n).Denominator, a.Value(n).Denominator * b.Value(n).Numerator));

    private static (BigInteger, BigInteger) Combine(
        (BigInteger Numerator, BigInteger Denominator) a, (BigInteger Numerator, BigInteger Denominator) b, int sign) =>
        Reduce((a.Numerator * b.Denominator) + (sign * b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    private static (BigInteger, BigInteger) Reduce(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return (numerator / divisor, denominator / divisor);
    }
}
