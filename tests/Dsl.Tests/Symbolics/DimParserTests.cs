using CsCheck;

namespace ArchGen.Dsl.Tests.Symbolics;

public class DimParserTests
{
    private static readonly Dim A = Dim.Symbol("A"), B = Dim.Symbol("B"), C = Dim.Symbol("C");

    [Fact]
    public void Operators_have_the_usual_precedence()
    {
        Assert.Equal(A + (B * C), DimParser.ParseDim("A + B*C"));
        Assert.Equal((A + B) * C, DimParser.ParseDim("(A+B) * C"));
        Assert.Equal(A - B - C, DimParser.ParseDim("A - B - C"));
        Assert.Equal(A / B / C, DimParser.ParseDim("A/B/C"));
        Assert.Equal(A - (B - C), DimParser.ParseDim("A-(B-C)"));
        Assert.Equal((B * 2) - A, DimParser.ParseDim("-A + 2*B"));
        Assert.Equal((Dim)42, DimParser.ParseDim(" 42 "));
    }

    [Fact]
    public void Names_may_have_dots() => Assert.Equal(Dim.Symbol("Layer.Heads_2") * 3, DimParser.ParseDim("3*Layer.Heads_2"));

    [Theory]
    [InlineData("Heads*HeadDim, 2*Ff")]
    [InlineData("[Heads*HeadDim,2*Ff]")]
    [InlineData(" [ Heads * HeadDim , Ff + Ff ] ")]
    public void Shapes_may_have_brackets(string text) =>
        Assert.Equal(new Shape(Dim.Symbol("Heads") * Dim.Symbol("HeadDim"), Dim.Symbol("Ff") * 2), DimParser.ParseShape(text));

    [Fact]
    public void Brackets_may_be_empty() => Assert.Equal(0, DimParser.ParseShape("[]").Rank);

    [Theory]
    [InlineData("", 1, "found the end, expected a number, a name or '('")]
    [InlineData("A +", 4, "found the end, expected a number, a name or '('")]
    [InlineData("A B", 3, "found 'B', expected an operator or the end")]
    [InlineData("2A", 2, "found 'A', expected an operator or the end")]
    [InlineData("(A", 3, "found the end, expected an operator or ')'")]
    [InlineData("A. B", 4, "found 'B', expected a name after '.'")]
    [InlineData("A + #", 5, "found '#', expected a number, a name or '('")]
    [InlineData("A/0", 3, "a division by zero")]
    [InlineData("A/(B-B)", 3, "a division by zero")]
    [InlineData("99999999999999999999", 1, "99999999999999999999 is too large")]
    public void A_mistake_is_reported_at_its_column(string text, int column, string message)
    {
        var error = Assert.Throws<DimFormatException>(() => DimParser.ParseDim(text));
        Assert.Equal(column, error.Column);
        Assert.Equal($"column {column}: {message}", error.Message);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("A,", 3)]
    [InlineData("[A, B", 6)]
    [InlineData("[A] B", 5)]
    [InlineData("A]", 2)]
    public void A_mistake_in_a_shape_is_reported_at_its_column(string text, int column) =>
        Assert.Equal(column, Assert.Throws<DimFormatException>(() => DimParser.ParseShape(text)).Column);

    [Fact]
    public void Many_parentheses_are_refused()
    {
        Assert.Equal(A, DimParser.ParseDim(new string('(', 64) + "A" + new string(')', 64)));
        Assert.Throws<DimFormatException>(() => DimParser.ParseDim(new string('(', 100_000)));
    }

    [Fact]
    public void Any_text_is_a_dimension_or_a_mistake()
    {
        var texts = Gen.OneOf("A", "Bc", "1", "23", "0", "+", "-", "*", "/", "(", ")", ",", "[", "]", ".", " ", "#").Array[0, 12];
        texts.Select(parts => string.Concat(parts)).Sample(
            text =>
            {
                try
                {
                    DimParser.ParseShape(text);
                }
                catch (DimFormatException error)
                {
                    Assert.InRange(error.Column, 1, text.Length + 1);
                }
            },
            iter: 20_000);
    }
}
