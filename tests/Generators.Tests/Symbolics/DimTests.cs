namespace ArchGen.Generators.Tests.Symbolics;

/// <summary>The normal form of a dimension.</summary>
public class DimTests
{
    private static readonly Dim A = Dim.Symbol("A"), B = Dim.Symbol("B"), C = Dim.Symbol("C"), Zero = 0, One = 1;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ADimensionHasTheValueOfItsExpression(int seed)
    {
        var random = new Random(seed);
        var whole = 0;
        for (var i = 0; i < 2000; i++)
        {
            var expression = RandomExpression.Next(random, 4);
            var numbers = RandomExpression.Numbers(random);
            var (numerator, denominator) = expression.Value(numbers);
            var found = expression.Dim.Evaluate(name => numbers[name]);
            if (denominator == 1)
            {
                whole++;
                Assert.Equal((long)numerator, found);
            }
            else
            {
                Assert.Null(found);
            }
        }

        Assert.True(whole > 500);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void DimensionsAreARing(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            Dim a = RandomExpression.Next(random, 3).Dim, b = RandomExpression.Next(random, 3).Dim, c = RandomExpression.Next(random, 3).Dim;
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
        }
    }

    [Theory]
    [InlineData(6)]
    public void ItsTextIsReadAsTheSameDimension(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 1000; i++)
        {
            var dim = RandomExpression.Next(random, 4).Dim;
            Assert.Equal(dim, DimParser.ParseDim(dim.ToString()));
        }
    }

    [Theory]
    [InlineData(7)]
    public void DifferentDimensionsHaveDifferentValuesSomewhere(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            RandomExpression a = RandomExpression.Next(random, 2), b = RandomExpression.Next(random, 2);
            var samples = Enumerable.Range(0, 40).Select(_ => RandomExpression.Numbers(random)).ToList();
            Assert.Equal(a.Dim.Equals(b.Dim), samples.All(n => a.Value(n) == b.Value(n)));
        }
    }

    [Fact]
    public void SubstitutionIsEvaluationInParts()
    {
        var random = new Random(8);
        for (var i = 0; i < 500; i++)
        {
            var expression = RandomExpression.Next(random, 3);
            var numbers = RandomExpression.Numbers(random);
            var partly = expression.Dim.Substitute(name => name == "A" ? (Dim?)(Dim)numbers["A"] : null);
            Assert.DoesNotContain("A", partly.Symbols);
            Assert.Equal(expression.Dim.Evaluate(n => numbers[n]), partly.Evaluate(n => numbers[n]));
        }

        Assert.Equal((B * B) + C, ((A * A) + C).Substitute(name => name == "A" ? B : null));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("2*3 - 6", 0)]
    [InlineData("A/A", 1)]
    [InlineData("-2", -2)]
    public void ANumberIsConstant(string text, long expected)
    {
        Assert.True(DimParser.ParseDim(text).IsConstant(out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("A + 1")]
    [InlineData("1/2")]
    public void WhatIsNoWholeNumberIsNotConstant(string text) => Assert.False(DimParser.ParseDim(text).IsConstant(out _));

    [Fact]
    public void TextsReadAsAPersonWritesThem()
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
    public void AQuotientBySeveralTermsIsASymbolOfItsOwn()
    {
        Assert.Equal(A / (B + C), A / (C + B));
        Assert.NotEqual(A / (B + C), (A / B) + (A / C));
        Assert.Equal(One, (A + B) / (B + A));
    }

    [Fact]
    public void SymbolsAreInOrdinalOrder() => Assert.Equal(["A", "B", "a"], ((Dim.Symbol("a") * B) + A).Symbols);
}
