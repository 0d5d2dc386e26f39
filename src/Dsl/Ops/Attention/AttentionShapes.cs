namespace ArchGen;

internal static class AttentionShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.Rope, "rope", ["x", "factors?"],
            [
                Attr.Kind, Attr.Dims, Attr.FreqBase, Attr.FreqScale, Attr.ExtFactor, Attr.AttnFactor, Attr.BetaFast, Attr.BetaSlow,
                Attr.OriginalContext, Attr.Truncated,
            ], Rope, RopeWork),
        new(Op.Temperature, "temperature", ["q"], [Attr.Factor, Attr.Length], Temperature, call => new() { FlopsPerRow = call.Outputs }),
        new(Op.Attention, "attention", ["q", "k", "v", "bias?", "sinks?"],
            [Attr.Factor, Attr.Mask, Attr.Window, Attr.Softcap, Attr.AlibiMaxBias, Attr.BucketsMaxDistance, Attr.Layer], Attention, AttentionWork),
        new(Op.CrossAttention, "cross_attention", ["q", "k", "v"], [Attr.Factor], Attention, AttentionWork),
    ];

    /// <summary>x [T, heads, d], factors [dims/2] -> the shape of x.</summary>
    private static Shape Rope(OpCall call)
    {
        var dims = call.Dim(Attr.Dims);
        call.Divides(2, dims, -1, "the number of rotated elements");
        call.AtLeast(dims, 0, -1, "the number of rotated elements");
        call.AtLeast(call.Rank(0, 3).Last, dims, 0, "the size of a head");
        call.Same(1, new Shape(dims / 2));
        return call[0];
    }

    /// <summary>q [T, heads, d] -> the shape of q.</summary>
    private static Shape Temperature(OpCall call)
    {
        call.AtLeast(call.Dim(Attr.Length), 1, -1, "the length");
        return call.Rank(0, 3);
    }

    /// <summary>
    /// q [T, heads, d], k [S, kvHeads, d], v [S, kvHeads, dv], bias [buckets, heads], sinks [heads] -> [T, heads*dv].
    /// Query head h reads the keys and values of head h / (heads/kvHeads).
    /// </summary>
    private static Shape Attention(OpCall call)
    {
        Shape q = call.Rank(0, 3), k = call.Rank(1, 3), v = call.Rank(2, 3);
        call.Equal(k[2], q[2], 1, "the size of a head");
        call.Equal(v[1], k[1], 2, "the number of heads");
        call.Divides(k[1], q[1], 0, "the number of query heads");
        call.Equal(v[0], k[0], 2, "the number of tokens");
        if (call.Optional(3) is { } bias) call.Equal(bias[1], q[1], 3, "the number of heads");
        call.Same(4, new Shape(q[1]));
        return new Shape(q[0], q[1] * v[2]);
    }

    /// <summary>Four multiplications and two additions turn a pair of elements.</summary>
    private static OpWork RopeWork(WorkCall call) => (RopeKind)call.Int32(Attr.Kind) == RopeKind.None
        ? default
        : new() { FlopsPerRow = 3 * call.Size(0, 1) * call.Int32(Attr.Dims), Bytes = call.Bytes(1) };

    /// <summary>The products of queries and keys, and of weights and values; the softmax between them is not counted, as is the custom.</summary>
    private static OpWork AttentionWork(WorkCall call) => new()
    {
        FlopsPerPair = 2 * call.Size(0, 1) * (call.Size(1, 2) + call.Size(2, 2)),
        BytesPerKey = call.Bytes(1) + call.Bytes(2),
        Bytes = call.Bytes(3) + call.Bytes(4),
    };
}
