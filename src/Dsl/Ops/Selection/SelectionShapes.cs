namespace ArchGen;

internal static class SelectionShapes
{
    public static readonly OpSpec[] Specs =
    [
        Spec(Op.Softmax, "softmax", [Slot.X], [], call => call[Slot.X], call => new() { FlopsPerRow = 4 * call.Outputs }, new("SOFT_MAX")),
        Spec(Op.Sum, "sum", [Slot.X], [], call => call[Slot.X].WithLast(1), call => new() { FlopsPerRow = call.Inputs(Slot.X) }, new("SUM_ROWS")),
        Spec(Op.TopK, "top_k", [Slot.X], [Attr.Count], TopK, work: null, GgmlPeer.None, isInteger: true),
        Spec(Op.TopGroups, "top_groups", [Slot.X], [Attr.Groups, Attr.Count, Attr.Length], TopGroups, work: null, GgmlPeer.None),
        Spec(Op.Gather, "gather", [Slot.X, Slot.Ids], [], Gather, work: null, new("GET_ROWS")),
        Spec(Op.SparseMixer, "sparse_mixer", [Slot.X, Slot.Ids], [Attr.Jitter], Gather, work: null, GgmlPeer.None),
        Spec(Op.WeightedSum, "weighted_sum", [Slot.X, Slot.Weights], [], WeightedSum, call => new() { FlopsPerRow = 2 * call.Inputs(Slot.X) }, new("ADD")),
        Spec(Op.SelectOutputs, "select_outputs", [Slot.X], [], call => new Shape([Dim.Outputs, .. System.Linq.Enumerable.Skip(call[Slot.X], 1)]), work: null,
            GgmlPeer.None),
    ];

    private static OpSpec Spec(
        Op op, string word, OperandSpec[] operands, Attr[] attributes, System.Func<OpCall, Shape> shape, System.Func<WorkCall, OpWork>? work, GgmlPeer ggml,
        bool isInteger = false) => new()
        {
            Op = op,
            Family = OpFamily.Selection,
            Word = word,
            Operands = operands,
            Attributes = attributes,
            ShapeRule = shape,
            WorkRule = work,
            Rows = RowDependence.Own,
            IsInteger = isInteger,
            Nonlinearity = Nonlinearity.None,
            HidesErrors = op == Op.Softmax,
            Tolerance = 1e-10,
            Ggml = ggml,
        };

    /// <summary>x [.., n] -> [.., count].</summary>
    private static Shape TopK(OpCall call)
    {
        var count = call.Dim(Attr.Count);
        call.AtLeast(count, 1, null, "the count");
        call.AtLeast(call[Slot.X].Last, count, Slot.X, "the last dimension");
        return call[Slot.X].WithLast(count);
    }

    /// <summary>x [T, experts] -> the shape of x.</summary>
    private static Shape TopGroups(OpCall call)
    {
        var x = call.Rank(Slot.X, 2);
        var groups = call.Dim(Attr.Groups);
        call.Divides(groups, x.Last, Slot.X, "the number of experts");
        call.AtLeast(call.Dim(Attr.Count), 1, null, "the number of groups kept");
        call.AtLeast(groups, call.Dim(Attr.Count), null, "the number of groups");
        call.AtLeast(x.Last / groups, call.Dim(Attr.Length), null, "the size of a group");
        return x;
    }

    /// <summary>x [T, n], ids [T, k] -> [T, k].</summary>
    private static Shape Gather(OpCall call)
    {
        Shape x = call.Rank(Slot.X, 2), ids = call.Rank(Slot.Ids, 2);
        call.Equal(ids[0], x[0], Slot.Ids, "the number of rows");
        return ids;
    }

    /// <summary>x [T, k, d], weights [T, k] -> [T, d].</summary>
    private static Shape WeightedSum(OpCall call)
    {
        Shape x = call.Rank(Slot.X, 3), weights = call.Rank(Slot.Weights, 2);
        call.Equal(weights[1], x[1], Slot.Weights, "the number of weights");
        return new Shape(x[0], x[2]);
    }
}
