namespace ArchGen;

internal static class SelectionShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.Softmax, "softmax", ["x"], [], call => call[0]),
        new(Op.Sum, "sum", ["x"], [], call => call[0].WithLast(1)),
        new(Op.TopK, "top_k", ["x"], [Attr.Count], call => call[0].WithLast(call.Dim(Attr.Count))),
        new(Op.TopGroups, "top_groups", ["x"], [Attr.Groups, Attr.Count, Attr.Length], call => call.Rank(0, 2)),
        new(Op.Gather, "gather", ["x", "ids"], [], Gather),
        new(Op.WeightedSum, "weighted_sum", ["x", "weights"], [], WeightedSum),
        new(Op.SelectOutputs, "select_outputs", ["x"], [], call => new Shape([Dim.Symbol("O"), .. System.Linq.Enumerable.Skip(call[0], 1)])),
    ];

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
