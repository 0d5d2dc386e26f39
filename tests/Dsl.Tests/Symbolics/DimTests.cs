using CsCheck;

namespace ArchGen.Dsl.Tests.Symbolics;

/// <summary>The normal form of a dimension.</summary>
public class DimTests
{
    private static readonly Dim A = Dim.Symbol("A"), B = Dim.Symbol("B"), C = Dim.Symbol("C"), Zero = 0, One = 1;

    [Fact]
    public void A_dimension_has_the_value_of_its_expression()
    {
        var whole = 0;
        Gen.Select(AnyExpression.OfDepth(4), AnyExpression.Numbers).Sample((expression, numbers) =>
        {
            var (numerator, denominator) = expression.Value(numbers);
            Assert.Equal(denominator == 1 ? (long)numerator : null, expression.Dim.Evaluate(name => numbers[name]));
            if (denominator == 1) Interlocked.Increment(ref whole);
        }, iter: 6000);
        Assert.True(whole > 1500);
    }

    [Fact]
    public void Dimensions_are_a_ring() => Gen.Select(AnyDim(3), AnyDim(3), AnyDim(3)).Sample((a, b, c) =>
    {
        Assert.Equal(a + b, b + a);
        Assert.Equal(a * b, b * a);
        Assert.Equal(a + b + c, a + (b + c));
        Assert.Equal(a * b * c, a * (b * c));
        Assert.Equal(a * (b + c), (a * b) + (a * c));
        Assert.Equal(Zero, a - a);
        Assert.Equal(a, a + Zero);
        Assert.Equal(a, a * One);
        Assert.Equal(Zero, a * Zero);
        Assert.Equal((a + b).GetHashCode(), (b + a).GetHashCode());
    }, iter: 1000);

    [Fact]
    public void Its_text_is_read_as_the_same_dimension() =>
        AnyDim(4).Sample(dim => Assert.Equal(dim, DimParser.ParseDim(dim.ToString())), iter: 2000);

    [Fact]
    public void Different_dimensions_have_different_values_somewhere() =>
        Gen.Select(AnyExpression.OfDepth(2), AnyExpression.OfDepth(2), AnyExpression.Numbers.Array[40]).Sample(
            (a, b, samples) => Assert.Equal(a.Dim.Equals(b.Dim), samples.All(n => a.Value(n) == b.Value(n))), iter: 500);

    [Fact]
    public void Substitution_is_evaluation_in_parts()
    {
        Gen.Select(AnyExpression.OfDepth(3), AnyExpression.Numbers).Sample((expression, numbers) =>
        {
            var partly = expression.Dim.Substitute(name => name == "A" ? (Dim?)(Dim)numbers["A"] : null);
            Assert.DoesNotContain("A", partly.Symbols);
            Assert.Equal(expression.Dim.Evaluate(n => numbers[n]), partly.Evaluate(n => numbers[n]));
        }, iter: 1000);
        Assert.Equal((B * B) + C, ((A * A) + C).Substitute(name => name == "A" ? B : null));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("2*3 - 6", 0)]
    [InlineData("A/A", 1)]
    [InlineData("-2", -2)]
    public void A_number_is_constant(string text, long expected)
    {
        Assert.True(DimParser.ParseDim(text).IsConstant(out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("A + 1")]
    [InlineData("1/2")]
    public void What_is_no_whole_number_is_not_constant(string text) => Assert.False(DimParser.ParseDim(text).IsConstant(out _));

    [Theory]
    [InlineData("A + 1/2", true)]
    [InlineData("A - 3/B", true)]
    [InlineData("A/2 + B", false)]
    [InlineData("A + 1", false)]
    [InlineData("1/2", false)]
    public void A_sum_may_have_a_number_over_something(string text, bool expected) => Assert.Equal(expected, DimParser.ParseDim(text).IsSumWithRest);

    [Fact]
    public void Texts_read_as_a_person_writes_them()
    {
        Assert.Equal("2*A", (A + A).ToString());
        Assert.Equal("A - B", ((B * -1) + A).ToString());
        Assert.Equal("-A", (A * -1).ToString());
        Assert.Equal("A/B", (A / B).ToString());
        Assert.Equal("A/(2*B)", (A / (B * 2)).ToString());
        Assert.Equal("3/2", ((Dim)3 / 2).ToString());
        Assert.Equal("1/A", (One / A).ToString());
        Assert.Equal("A*B", (B * A).ToString());
        Assert.Equal("0", (A - A).ToString());
    }

    [Fact]
    public void A_quotient_by_several_terms_is_a_symbol_of_its_own()
    {
        Assert.Equal(A / (B + C), A / (C + B));
        Assert.NotEqual(A / (B + C), (A / B) + (A / C));
        Assert.Equal(One, (A + B) / (B + A));
    }

    [Fact]
    public void Symbols_are_in_ordinal_order() => Assert.Equal(["A", "B", "a"], ((Dim.Symbol("a") * B) + A).Symbols);

    private static Gen<Dim> AnyDim(int depth) => AnyExpression.OfDepth(depth).Select(expression => expression.Dim);
}
