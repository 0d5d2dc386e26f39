using ArchGen.Eager;
using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class ElementwiseReferenceTests
{
    [Fact]
    public void Operands_are_combined()
    {
        Operand a = Tensor([2, 2], 1, 2, 3, 4), b = Tensor([2, 2], 2, 4, 5, 8);
        Assert.Equal([3, 6, 8, 12], Of(Op.Add, default, a, b).Values);
        Assert.Equal([-1, -2, -2, -4], Of(Op.Subtract, default, a, b).Values);
        Assert.Equal([2, 8, 15, 32], Of(Op.Multiply, default, a, b).Values);
        Close([0.5f, 0.5f, 0.6f, 0.5f], Of(Op.Divide, default, a, b).Values);
    }

    [Fact]
    public void Trailing_dimensions_are_broadcast_on_either_side()
    {
        var a = Tensor([2, 3], 1, 2, 3, 4, 5, 6);
        Assert.Equal([11, 22, 33, 14, 25, 36], Of(Op.Add, default, a, Tensor([3], 10, 20, 30)).Values);
        Assert.Equal([11, 12, 13, 24, 25, 26], Of(Op.Add, default, a, Tensor([2, 1], 10, 20)).Values);
        Assert.Equal([9, 18, 27, 6, 15, 24], Of(Op.Subtract, default, Tensor([3], 10, 20, 30), a).Values);
        Assert.Equal([11, 12, 21, 22], Of(Op.Add, default, Tensor([2, 1], 10, 20), Tensor([1, 2], 1, 2)).Values);
        Assert.Equal([2, 3], Of(Op.Add, default, Tensor([1], 1), Tensor([2, 1], 1, 2)).Values);
    }

    [Fact]
    public void Scale_and_clamp()
    {
        Assert.Equal([-1, 1.5f], Of(Op.Scale, new((Attr.Factor, 0.5)), Tensor([2], -2, 3)).Values);
        Assert.Equal([3, -2], Of(Op.Affine, new((Attr.Factor, -1), (Attr.Offset, 1)), Tensor([2], -2, 3)).Values);
        Assert.Equal([-1, 0, 2], Of(Op.Clamp, new((Attr.Min, -1), (Attr.Max, 2)), Tensor([3], -5, 0, 5)).Values);
    }

    [Theory]
    // The distribution function of the standard normal at 1 and -2 is 0.8413447461 and 0.0227501319.
    [InlineData(Op.Gelu, 1, 0.8413447461)]
    [InlineData(Op.Gelu, -2, -0.0455002639)]
    [InlineData(Op.Gelu, -20, 0)]
    [InlineData(Op.GeluTanh, 1, 0.8411919906)]
    [InlineData(Op.GeluTanh, -2, -0.0454023059)]
    // 0.8411919906 in half precision; beyond the table 0 and x.
    [InlineData(Op.GeluTable, 1, 0.8413085938)]
    [InlineData(Op.GeluTable, -10, 0)]
    [InlineData(Op.GeluTable, 10.001f, 10.001)]
    [InlineData(Op.GeluQuick, 1, 0.8457957659)]
    [InlineData(Op.Silu, 1, 0.7310585786)]
    [InlineData(Op.Silu, -1, -0.2689414214)]
    [InlineData(Op.Relu, -3, 0)]
    [InlineData(Op.Relu, 3, 3)]
    [InlineData(Op.ReluSquared, -3, 0)]
    [InlineData(Op.ReluSquared, 3, 9)]
    [InlineData(Op.Sigmoid, 0, 0.5)]
    [InlineData(Op.Sigmoid, -1000, 0)]
    [InlineData(Op.Tanh, 1, 0.7615941560)]
    [InlineData(Op.Softplus, 0, 0.6931471806)]
    [InlineData(Op.Softplus, 1000, 1000)]
    [InlineData(Op.Exp, 1, 2.7182818285)]
    public void Activations_have_their_known_values(Op op, float x, double expected) => Close([(float)expected], Of(op, default, Tensor([1], x)).Values);

    /// <summary>With p 0.9, n 1.3, beta 0.4: 0.9 * 4 + 0.8 at 2, 1.3 / e - 0.4 at -1; between epsilon and 0 the exponential is that of epsilon.</summary>
    [Theory]
    [InlineData(2, 4.4)]
    [InlineData(-1, 0.0782432735)]
    [InlineData(-0.1f, -0.0337113565)]
    [InlineData(0, -0.1237114660)]
    public void Xielu_has_its_known_values(float x, double expected)
    {
        var numbers = new Attributes((Attr.AlphaPositive, 0.9), (Attr.AlphaNegative, 1.3), (Attr.Beta, 0.4), (Attr.Epsilon, x is 0 ? -0.1 : -1e-6));
        Close([(float)expected], Of(Op.Xielu, numbers, Tensor([1], x)).Values);
    }

    [Fact]
    public void Softplus_keeps_the_digits_of_small_numbers() => Assert.Equal(Math.Exp(-40), Of(Op.Softplus, default, Tensor([1], -40)).Values[0], 1e-24);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1, 0.8427007929497149)]
    [InlineData(2, 0.9953222650189527)]
    [InlineData(4, 0.9999999845827421)]
    public void Erf_has_its_known_values(double x, double expected)
    {
        Assert.Equal(expected, ElementwiseReference.Erf(x), 1e-15);
        Assert.Equal(-expected, ElementwiseReference.Erf(-x), 1e-15);
    }
}
