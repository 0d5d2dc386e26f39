namespace ArchGen;

internal static class RecurrentShapes
{
    public static readonly OpSpec[] Specs =
    [
        Spec(
            Op.CausalConv, "causal_conv", [Slot.X, Slot.Weight, Slot.Bias.OrEmpty(), Slot.State], CausalConv, ConvWork,
            new("SSM_CONV") { HasNodesOfOptionalOperands = true }),
        // ggml's result holds the new state too, so that the rows are a view of it.
        Spec(
            Op.SelectiveScan, "selective_scan", [Slot.X, Slot.TimeStep, Slot.A, Slot.B, Slot.C, Slot.State], SelectiveScan, ScanWork, new("VIEW")),
        Spec(
            Op.GatedDeltaRule, "gated_delta_rule", [Slot.Query, Slot.Key, Slot.Value, Slot.Decay, Slot.Beta, Slot.State], GatedDeltaRule, DeltaWork,
            new("VIEW")),
    ];

    private static OpSpec Spec(
        Op op, string word, OperandSpec[] operands, System.Func<OpCall, Shape> shape, System.Func<WorkCall, OpWork> work, GgmlPeer ggml) => new()
        {
            Op = op,
            Family = OpFamily.Recurrent,
            Word = word,
            Operands = operands,
            Attributes = [],
            ShapeRule = shape,
            WorkRule = work,
            Rows = RowDependence.Others,
            IsInteger = false,
            Nonlinearity = Nonlinearity.None,
            HidesErrors = false,
            Tolerance = 1e-10,
            Ggml = ggml,
        };

    /// <summary>x [T, channels], weight [channels, kernel], bias [channels], state [kernel-1, channels] -> [T, channels].</summary>
    private static Shape CausalConv(OpCall call)
    {
        Shape x = call.Rank(Slot.X, 2), weight = call.Rank(Slot.Weight, 2);
        call.Equal(x[1], weight[0], Slot.X, "the number of channels");
        call.Same(Slot.Bias, new Shape(weight[0]));
        call.Same(Slot.State, new Shape(weight[1] - 1, weight[0]));
        return x;
    }

    /// <summary>x [T, heads, d], dt [T, heads], a [heads, 1], b and c [T, groups, n], state [heads, d, n] -> [T, heads, d].</summary>
    private static Shape SelectiveScan(OpCall call)
    {
        Shape x = call.Rank(Slot.X, 3), b = call.Rank(Slot.B, 3);
        call.Divides(b[1], x[1], Slot.X, "the number of heads");
        call.Same(Slot.TimeStep, new Shape(x[0], x[1]));
        call.Same(Slot.A, new Shape(x[1], 1));
        call.Same(Slot.C, b);
        call.Same(Slot.State, new Shape(x[1], x[2], b[2]));
        return x;
    }

    /// <summary>q and k [T, groups, n], v [T, heads, d], decay and beta [T, heads], state [heads, d, n] -> [T, heads, d].</summary>
    private static Shape GatedDeltaRule(OpCall call)
    {
        Shape q = call.Rank(Slot.Query, 3), v = call.Rank(Slot.Value, 3);
        call.Divides(q[1], v[1], Slot.Value, "the number of heads");
        call.Same(Slot.Key, q);
        call.Same(Slot.Decay, new Shape(v[0], v[1]));
        call.Same(Slot.Beta, new Shape(v[0], v[1]));
        call.Same(Slot.State, new Shape(v[1], v[2], q[2]));
        return v;
    }

    private static OpWork ConvWork(WorkCall call) => new()
    {
        FlopsPerRow = 2 * call.Outputs * call.Size(Slot.Weight, 1),
        Bytes = call.Bytes(Slot.Weight) + call.Bytes(Slot.Bias),
        BytesPerSequence = call.Bytes(Slot.State),
    };

    /// <summary>For each element of the state: decay, input times b and their sum, and the product with c.</summary>
    private static OpWork ScanWork(WorkCall call) => new()
    {
        FlopsPerRow = 5 * call.Outputs * call.Size(Slot.B, 2),
        Bytes = call.Bytes(Slot.A),
        BytesPerSequence = call.Bytes(Slot.State),
    };

    /// <summary>For each element of the state: decay, the products with key and query, and the update of rank one.</summary>
    private static OpWork DeltaWork(WorkCall call) => new()
    {
        FlopsPerRow = 7 * call.Outputs * call.Size(Slot.Query, 2),
        BytesPerSequence = call.Bytes(Slot.State),
    };
}
