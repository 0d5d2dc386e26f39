namespace ArchGen;

internal static class RecurrentShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.CausalConv, "causal_conv", ["x", "weight", "bias?", "state"], [], CausalConv, ConvWork),
        new(Op.SelectiveScan, "selective_scan", ["x", "dt", "a", "b", "c", "state"], [], SelectiveScan, ScanWork),
        new(Op.GatedDeltaRule, "gated_delta_rule", ["q", "k", "v", "decay", "beta", "state"], [], GatedDeltaRule, DeltaWork),
    ];

    /// <summary>x [T, channels], weight [channels, kernel], bias [channels], state [kernel-1, channels] -> [T, channels].</summary>
    private static Shape CausalConv(OpCall call)
    {
        Shape x = call.Rank(0, 2), weight = call.Rank(1, 2);
        call.Equal(x[1], weight[0], 0, "the number of channels");
        call.Same(2, new Shape(weight[0]));
        call.Same(3, new Shape(weight[1] - 1, weight[0]));
        return x;
    }

    /// <summary>x [T, heads, d], dt [T, heads], a [heads, 1], b and c [T, groups, n], state [heads, d, n] -> [T, heads, d].</summary>
    private static Shape SelectiveScan(OpCall call)
    {
        Shape x = call.Rank(0, 3), b = call.Rank(3, 3);
        call.Divides(b[1], x[1], 0, "the number of heads");
        call.Same(1, new Shape(x[0], x[1]));
        call.Same(2, new Shape(x[1], 1));
        call.Same(4, b);
        call.Same(5, new Shape(x[1], x[2], b[2]));
        return x;
    }

    /// <summary>q and k [T, groups, n], v [T, heads, d], decay and beta [T, heads], state [heads, d, n] -> [T, heads, d].</summary>
    private static Shape GatedDeltaRule(OpCall call)
    {
        Shape q = call.Rank(0, 3), v = call.Rank(2, 3);
        call.Divides(q[1], v[1], 2, "the number of heads");
        call.Same(1, q);
        call.Same(3, new Shape(v[0], v[1]));
        call.Same(4, new Shape(v[0], v[1]));
        call.Same(5, new Shape(v[1], v[2], q[2]));
        return v;
    }

    private static OpWork ConvWork(WorkCall call) => new()
    {
        FlopsPerRow = 2 * call.Outputs * call.Size(1, 1),
        Bytes = call.Bytes(1) + call.Bytes(2),
        BytesPerSequence = call.Bytes(3),
    };

    /// <summary>For each element of the state: decay, input times b and their sum, and the product with c.</summary>
    private static OpWork ScanWork(WorkCall call) => new()
    {
        FlopsPerRow = 5 * call.Outputs * call.Size(3, 2),
        Bytes = call.Bytes(2),
        BytesPerSequence = call.Bytes(5),
    };

    /// <summary>For each element of the state: decay, the products with key and query, and the update of rank one.</summary>
    private static OpWork DeltaWork(WorkCall call) => new() { FlopsPerRow = 7 * call.Outputs * call.Size(0, 2), BytesPerSequence = call.Bytes(5) };
}
