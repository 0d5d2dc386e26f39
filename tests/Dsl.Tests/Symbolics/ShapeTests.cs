namespace ArchGen.Dsl.Tests.Symbolics;

public class ShapeTests
{
    private static readonly Dim T = Dim.Tokens, Heads = Dim.Symbol("Heads"), HeadDim = Dim.Symbol("HeadDim");

    [Fact]
    public void Shapes_are_equal_if_their_dimensions_are()
    {
        Assert.Equal(new Shape(T, Heads * HeadDim), new Shape(T, HeadDim * Heads));
        Assert.Equal(new Shape(T, Heads * HeadDim).GetHashCode(), new Shape(T, HeadDim * Heads).GetHashCode());
        Assert.NotEqual(new Shape(T, Heads), new Shape(Heads, T));
        Assert.NotEqual(new Shape(T), new Shape(T, 1));
        Assert.False(new Shape(T).Equals(null));
    }

    [Fact]
    public void With_last_replaces_the_fastest_dimension()
    {
        Assert.Equal(new Shape(T, Heads, HeadDim), new Shape(T, Heads * HeadDim).WithLast(Heads, HeadDim));
        Assert.Equal(new Shape(T), new Shape(T, Heads).WithLast());
    }

    [Fact]
    public void Elements_are_the_product_of_all_dimensions()
    {
        Assert.Equal(T * Heads * HeadDim, new Shape(T, Heads, HeadDim).Elements);
        Assert.Equal((Dim)1, new Shape().Elements);
    }

    [Fact]
    public void Map_replaces_each_dimension() =>
        Assert.Equal(new Shape(T * 2, Heads * 2), new Shape(T, Heads).Map(d => d * 2));

    [Theory]
    [InlineData("[]")]
    [InlineData("[T]")]
    [InlineData("[T, HeadDim*Heads]")]
    [InlineData("[T, Embd/Heads, 2*Ff + Vocab]")]
    public void The_text_is_read_as_the_same_shape(string text) => Assert.Equal(text, DimParser.ParseShape(text).ToString());
}
