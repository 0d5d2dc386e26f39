using System.Numerics;

namespace ArchGen.Generators.Tests.Symbolics;

/// <summary>An expression over a few names, built at random, as a dimension and as an exact rational number.</summary>
internal sealed record RandomExpression(Dim Dim, Func<IReadOnlyDictionary<string, long>, (BigInteger Numerator, BigInteger Denominator)> Value)
{
    public static readonly string[] Names = ["A", "B", "C", "Heads"];

    public static Dictionary<string, long> Numbers(Random random) => Names.ToDictionary(n => n, _ => (long)random.Next(1, 13));

    /// <summary>An expression of limited depth; divisors are single terms, as in the shapes of models.</summary>
    public static RandomExpression Next(Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0) return Leaf(random);
        var left = Next(random, depth - 1);
        switch (random.Next(4))
        {
            case 0:
                {
                    var right = Next(random, depth - 1);
                    return new(left.Dim + right.Dim, n => Reduce(
                        (left.Value(n).Numerator * right.Value(n).Denominator) + (right.Value(n).Numerator * left.Value(n).Denominator),
                        left.Value(n).Denominator * right.Value(n).Denominator));
                }

            case 1:
                {
                    var right = Next(random, depth - 1);
                    return new(left.Dim - right.Dim, n => Reduce(
                        (left.Value(n).Numerator * right.Value(n).Denominator) - (right.Value(n).Numerator * left.Value(n).Denominator),
                        left.Value(n).Denominator * right.Value(n).Denominator));
                }

            case 2:
                {
                    var right = Next(random, depth - 1);
                    return new(left.Dim * right.Dim, n => Reduce(left.Value(n).Numerator * right.Value(n).Numerator,
                        left.Value(n).Denominator * right.Value(n).Denominator));
                }

            default:
                {
                    var divisor = Leaf(random);
                    return new(left.Dim / divisor.Dim, n => Reduce(left.Value(n).Numerator * divisor.Value(n).Denominator,
                        left.Value(n).Denominator * divisor.Value(n).Numerator));
                }
        }
    }

    private static RandomExpression Leaf(Random random)
    {
        if (random.Next(3) == 0)
        {
            var number = random.Next(1, 7);
            return new(number, _ => (number, 1));
        }

        var name = Names[random.Next(Names.Length)];
        return new(Dim.Symbol(name), n => (n[name], 1));
    }

    private static (BigInteger, BigInteger) Reduce(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return (numerator / divisor, denominator / divisor);
    }
}
