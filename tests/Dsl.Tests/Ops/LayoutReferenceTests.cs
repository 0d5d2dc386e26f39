using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class LayoutReferenceTests
{
    [Fact]
    public void Heads_and_flatten_only_change_the_shape()
    {
        var x = Random(1, 2, 6);
        var heads = Of(Op.Heads, new((Attr.Count, 3)), x);
        Assert.Equal([2, 3, 2], heads.Dims);
        var flat = Of(Op.Flatten, default, heads);
        Assert.Equal(x.Dims, flat.Dims);
        Assert.Equal(x.Values, flat.Values);
    }

    [Fact]
    public void Slice_takes_elements_of_each_row() =>
        Assert.Equal([2, 3, 6, 7], Of(Op.Slice, new((Attr.Start, 1), (Attr.Length, 2)), Tensor([2, 4], 1, 2, 3, 4, 5, 6, 7, 8)).Values);

    [Fact]
    public void Concat_joins_rows() => Assert.Equal([1, 2, 10, 3, 4, 20], Of(Op.Concat, default, Tensor([2, 2], 1, 2, 3, 4), Tensor([2, 1], 10, 20)).Values);

    [Fact]
    public void Concat_undoes_slice()
    {
        var x = Random(2, 3, 2, 5);
        var left = Of(Op.Slice, new((Attr.Start, 0), (Attr.Length, 2)), x);
        var right = Of(Op.Slice, new((Attr.Start, 2), (Attr.Length, 3)), x);
        Assert.Equal(x.Values, Of(Op.Concat, default, left, right).Values);
    }

    [Fact]
    public void Repeat_heads_repeats_within_a_token()
    {
        var y = Of(Op.RepeatHeads, new((Attr.Count, 2)), Tensor([2, 1, 2], 1, 2, 3, 4));
        Assert.Equal([2, 2, 2], y.Dims);
        Assert.Equal([1, 2, 1, 2, 3, 4, 3, 4], y.Values);
    }
}
