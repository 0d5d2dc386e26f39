using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class LayoutReferenceTests
{
    [Fact]
    public void HeadsAndFlattenOnlyChangeTheShape()
    {
        var x = Random(1, 2, 6);
        var heads = Of(Op.Heads, new((Attr.Count, 3)), x);
        Assert.Equal([2, 3, 2], heads.Dims);
        var flat = Of(Op.Flatten, default, heads);
        Assert.Equal(x.Dims, flat.Dims);
        Assert.Equal(x.Values, flat.Values);
    }

    [Fact]
    public void SliceTakesElementsOfEachRow() =>
        Assert.Equal([2, 3, 6, 7], Of(Op.Slice, new((Attr.Start, 1), (Attr.Length, 2)), Tensor([2, 4], 1, 2, 3, 4, 5, 6, 7, 8)).Values);

    [Fact]
    public void ConcatJoinsRows() => Assert.Equal([1, 2, 10, 3, 4, 20], Of(Op.Concat, default, Tensor([2, 2], 1, 2, 3, 4), Tensor([2, 1], 10, 20)).Values);

    [Fact]
    public void ConcatUndoesSlice()
    {
        var x = Random(2, 3, 2, 5);
        var left = Of(Op.Slice, new((Attr.Start, 0), (Attr.Length, 2)), x);
        var right = Of(Op.Slice, new((Attr.Start, 2), (Attr.Length, 3)), x);
        Assert.Equal(x.Values, Of(Op.Concat, default, left, right).Values);
    }

    [Fact]
    public void RepeatHeadsRepeatsWithinAToken()
    {
        var y = Of(Op.RepeatHeads, new((Attr.Count, 2)), Tensor([2, 1, 2], 1, 2, 3, 4));
        Assert.Equal([2, 2, 2], y.Dims);
        Assert.Equal([1, 2, 1, 2, 3, 4, 3, 4], y.Values);
    }
}
