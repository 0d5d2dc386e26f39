namespace ArchGen;

internal static class SelectionShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.Softmax, "softmax", ["x"], [], call => call[0], call => new() { FlopsPerRow = 4 * call.Outputs }),
        new(Op.Sum, "sum", ["x"], [], call => call[0].WithLast(1), call => new() { FlopsPerRow = call.Inputs(0) }),
        new(Op.TopK, "top_k", ["x"], [Attr.Count], TopK),
        new(Op.TopGroups, "top_groups", ["x"], [Attr.Groups, Attr.Count, Attr.Length], TopGroups),
        new(Op.Gather, "gather", ["x", "ids"], [], Gather),
        new(Op.SparseMixer, "sparse_mixer", ["x", "ids"], [Attr.Jitter], Gather),
        new(Op.WeightedSum, "weighted_sum", ["x", "weights"], [], WeightedSum, call => new() { FlopsPerRow = 2 * call.Inputs(0) }),
        new(Op.SelectOutputs, "select_outputs", ["x"], [], call => new Shape([Dim.Symbol("O"), .. System.Linq.Enumerable.Skip(call[0], 1)])),
    ];

    /// <summary>x [.., n] -> [.., count].</summary>
    private static Shape TopK(OpCall call)
    {
        var count = call.Dim(Attr.Count);
        call.AtLeast(count, 1, -1, "the count");
        call.AtLeast(call[0].Last, count, 0, "the last dimension");
        return call[0].WithLast(count);
    }

    /// <summary>x [T, experts] -> the shape of x.</summary>
    private static Shape TopGroups(OpCall call)
    {
        var x = call.Rank(0, 2);
        var groups = call.Dim(Attr.Groups);
        call.Divides(groups, x.Last, 0, "the number of experts");
        call.AtLeast(call.Dim(Attr.Count), 1, -1, "the number of groups kept");
        call.AtLeast(groups, call.Dim(Attr.Count), -1, "the number of groups");
        call.AtLeast(x.Last / groups, call.Dim(Attr.Length), -1, "the size of a group");
        return x;
    }

    /// <summary>x [T, n], ids [T, k] -> [T, k].</summary>
    private static Shape Gather(OpCall call)
    {
        Shape x = call.Rank(0, 2), ids = call.Rank(1, 2);
        call.Equal(ids[0], x[0], 1, "the number of rows");
        return ids;
    }

    /// <summary>x [T, k, d], weights [T, k] -> [T, d].</summary>
    private static Shape WeightedSum(OpCall call)
    {
        Shape x = call.Rank(0, 3), weights = call.Rank(1, 2);
        call.Equal(weights[1], x[1], 1, "the number of weights");
        return new Shape(x[0], x[2]);
    }
}
