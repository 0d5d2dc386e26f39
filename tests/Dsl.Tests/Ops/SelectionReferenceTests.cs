using ArchGen.Eager;
using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class SelectionReferenceTests
{
    [Fact]
    public void Softmax_gives_shares_by_exponentials()
    {
        var x = Tensor([2, 3], 0, MathF.Log(2), MathF.Log(5), 1000, 1000, float.NegativeInfinity);
        Close([0.125f, 0.25f, 0.625f, 0.5f, 0.5f, 0], Of(Op.Softmax, default, x).Values);
    }

    [Fact]
    public void Softmax_sums_to_one()
    {
        var sums = Of(Op.Sum, default, Of(Op.Softmax, default, Random(1, 4, 3, 7)));
        Assert.Equal([4, 3, 1], sums.Dims);
        Close([.. Enumerable.Repeat(1f, 12)], sums.Values);
    }

    [Fact]
    public void Top_k_is_descending_and_prefers_the_earlier_of_equal_elements() =>
        Assert.Equal([2, 0, 3, 0, 1, 2], Of(Op.TopK, new((Attr.Count, 3)), Tensor([2, 4], 5, 1, 9, 5, 7, 7, 7, 7)).Values);

    [Fact]
    public void Top_groups_keeps_the_groups_with_the_largest_sums()
    {
        // Groups of 3; the sums of the two largest: 9, 10, 10 and 8.
        var x = Tensor([1, 12], 9, 0, 0, 5, 5, 5, 4, 6, 0, 8, 0, 0);
        const float Out = float.NegativeInfinity;
        float[] Best(int count) => Of(Op.TopGroups, new((Attr.Groups, 4), (Attr.Count, count), (Attr.Length, 2)), x).Values;
        Assert.Equal([Out, Out, Out, 5, 5, 5, Out, Out, Out, Out, Out, Out], Best(1));
        Assert.Equal([Out, Out, Out, 5, 5, 5, 4, 6, 0, Out, Out, Out], Best(2));
        Assert.Equal([9, 0, 0, 5, 5, 5, 4, 6, 0, Out, Out, Out], Best(3));
    }

    [Fact]
    public void Gather_reads_its_own_row() =>
        Assert.Equal([3, 1, 4, 4], Of(Op.Gather, default, Tensor([2, 3], 1, 2, 3, 4, 5, 6), Tensor([2, 2], 2, 0, 0, 0)).Values);

    [Fact]
    public void Sparse_mixer_shares_among_the_near_ones_that_are_left()
    {
        // At a jitter of 0.05, 9.5 and 9.1 are within a tenth of 10, and 9.1 within a tenth of 9.5; at half of it 9.1 is too far from 10.
        Operand x = Tensor([2, 4], 9.5f, 3, 10, 9.1f, -100, -4, -50, -55), ids = Tensor([2, 2], 2, 0, 1, 2);
        float[] Weights(double jitter) => Of(Op.SparseMixer, new((Attr.Jitter, jitter)), x, ids).Values;
        Close([1 / (1 + MathF.Exp(-0.5f) + MathF.Exp(-0.9f)), 1 / (1 + MathF.Exp(-0.4f)), 1, 1 / (1 + MathF.Exp(-5))], Weights(0.05));
        Close([1 / (1 + MathF.Exp(-0.5f)), 1 / (1 + MathF.Exp(-0.4f)), 1, 1], Weights(0.026));
    }

    [Fact]
    public void Weighted_sum_adds_the_weighted_vectors()
    {
        var x = Tensor([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal([31, 42, 5, 6], Of(Op.WeightedSum, default, x, Tensor([2, 2], 1, 10, 1, 0)).Values);
    }
}
