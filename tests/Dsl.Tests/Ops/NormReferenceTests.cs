using ArchGen.Eager;
using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class NormReferenceTests
{
    private static Attributes Epsilon(double value) => new((Attr.Epsilon, value));

    [Fact]
    public void Rms_norm_divides_by_the_root_of_the_mean_square()
    {
        // mean square (1 + 49) / 2 = 25
        Close([0.2f, 1.4f], Of(Op.RmsNorm, Epsilon(0), Tensor([1, 2], 1, 7)).Values);
        Close([2, 42], Of(Op.RmsNorm, Epsilon(0), Tensor([1, 2], 1, 7), Tensor([2], 10, 30)).Values, 1e-5f);
        // 25 + 11 = 6^2
        Close([1 / 6f, 7 / 6f], Of(Op.RmsNorm, Epsilon(11), Tensor([1, 2], 1, 7)).Values);
    }

    [Fact]
    public void A_weight_of_several_rows_belongs_to_the_trailing_dimensions()
    {
        var x = Tensor([2, 2, 1], 3, -4, 5, -6);
        Close([1, -10, 1, -10], Of(Op.RmsNorm, Epsilon(0), x, Tensor([2, 1], 1, 10)).Values);
    }

    [Fact]
    public void Layer_norm_removes_the_mean()
    {
        // mean 4, variance 9
        Close([-1, 1], Of(Op.LayerNorm, Epsilon(0), Tensor([1, 2], 1, 7)).Values);
        Close([-9, 102], Of(Op.LayerNorm, Epsilon(0), Tensor([1, 2], 1, 7), Tensor([2], 10, 100), Tensor([2], 1, 2)).Values, 1e-4f);
        // 9 + 16 = 5^2
        Close([-0.6f, 0.6f], Of(Op.LayerNorm, Epsilon(16), Tensor([1, 2], 1, 7)).Values);
    }

    [Fact]
    public void L2_norm_divides_by_the_length_but_not_below_epsilon()
    {
        Close([0.6f, 0.8f, 0, 0], Of(Op.L2Norm, Epsilon(1e-6), Tensor([2, 2], 3, 4, 0, 0)).Values);
        Close([0.3f, 0.4f], Of(Op.L2Norm, Epsilon(10), Tensor([1, 2], 3, 4)).Values);
    }

    [Fact]
    public void Rms_norm_ignores_the_length_of_its_operand()
    {
        var x = Random(1, 3, 8);
        var longer = new Operand(Array.ConvertAll(x.Values, v => v * 8), x.Dims);
        Close(Of(Op.RmsNorm, Epsilon(0), x).Values, Of(Op.RmsNorm, Epsilon(0), longer).Values);
    }
}
