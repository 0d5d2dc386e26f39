using ArchGen.Eager;
using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class LinearReferenceTests
{
    [Fact]
    public void Get_rows_copies_rows_in_the_order_of_the_ids() =>
        Assert.Equal([5, 6, 1, 2, 5, 6], Of(Op.GetRows, default, Tensor([3, 2], 1, 2, 3, 4, 5, 6), Tensor([3], 2, 0, 2)).Values);

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Get_rows_refuses_an_id_outside_the_table(int id)
    {
        var error = Assert.Throws<RequestException>(() => Of(Op.GetRows, default, Tensor([3, 2], 1, 2, 3, 4, 5, 6), Tensor([2], 0, id)));
        Assert.Contains($"Id {id} at place 1", error.Message);
        Assert.Contains("0 to 2", error.Message);
    }

    [Fact]
    public void Linear_multiplies_by_the_transposed_weight_then_scales_then_adds_the_bias()
    {
        Operand x = Tensor([2, 3], 1, 2, 3, -1, 0, 1), weight = Tensor([2, 3], 1, 0, 0, 1, 1, 1);
        Assert.Equal([1, 6, -1, 0], Of(Op.Linear, default, x, weight).Values);
        Assert.Equal([12, 32, 8, 20], Of(Op.Linear, default, x, weight, Tensor([2], 10, 20), Tensor([1], 2)).Values);
    }

    [Fact]
    public void Head_linear_takes_the_weight_of_the_head()
    {
        var x = Tensor([2, 2, 1], 1, 2, 3, 4);
        var weight = Tensor([2, 2, 1], 10, 100, 1000, 10000);
        Assert.Equal([10, 100, 2000, 20000, 30, 300, 4000, 40000], Of(Op.HeadLinear, default, x, weight).Values);
    }

    [Fact]
    public void Expert_linear_takes_the_weight_bias_and_scale_of_the_expert()
    {
        Operand weight = Tensor([3, 1, 2], 1, 1, 10, 10, 100, 100), experts = Tensor([2, 2], 2, 0, 1, 2), shared = Tensor([2, 2], 1, 2, 3, 4);
        Assert.Equal([300, 3, 70, 700], Of(Op.ExpertLinear, default, shared, weight, experts).Values);

        var own = Tensor([2, 2, 2], 1, 0, 2, 0, 3, 0, 4, 0);
        Assert.Equal([100, 2, 30, 400], Of(Op.ExpertLinear, default, own, weight, experts).Values);

        Operand bias = Tensor([3, 1], 0.5f, 0.25f, 0.125f), scale = Tensor([3], 2, 3, 4);
        Assert.Equal([1200.125f, 6.5f, 210.25f, 2800.125f], Of(Op.ExpertLinear, default, shared, weight, experts, bias, scale).Values);
    }
}
