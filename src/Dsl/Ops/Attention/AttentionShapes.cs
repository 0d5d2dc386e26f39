using System;

namespace ArchGen;

internal static class AttentionShapes
{
    public static readonly OpSpec[] Specs =
    [
        Spec(
            Op.Rope, "rope", [Slot.X, Slot.Factors.OrEmpty()],
            [
                Attr.Kind, Attr.Dims, Attr.FreqBase, Attr.FreqScale, Attr.ExtFactor, Attr.AttnFactor, Attr.BetaFast, Attr.BetaSlow,
                Attr.OriginalContext, Attr.Truncated, Attr.Inverse,
            ],
            Rope, RopeWork, RowDependence.Position, new("ROPE")),
        Spec(
            Op.Temperature, "temperature", [Slot.Query], [Attr.Factor, Attr.Length, Attr.Offset],
            Temperature, call => new() { FlopsPerRow = call.Outputs }, RowDependence.Position, new("MUL")),
        Spec(
            Op.Attention, "attention", [Slot.Query, Slot.Key, Slot.Value, Slot.Bias.OrEmpty(), Slot.Sinks.OrEmpty()],
            [Attr.Factor, Attr.Mask, Attr.Window, Attr.Softcap, Attr.AlibiMaxBias, Attr.BucketsMaxDistance, Attr.Layer],
            Attention, AttentionWork, RowDependence.Others, new("MUL_MAT", "FLASH_ATTN_EXT") { Copies = 1 }),
        Spec(
            Op.CrossAttention, "cross_attention", [Slot.Query, Slot.Key, Slot.Value], [Attr.Factor],
            Attention, AttentionWork, RowDependence.Others, new("MUL_MAT", "FLASH_ATTN_EXT") { Copies = 1 }),
    ];

    private static OpSpec Spec(
        Op op, string word, OperandSpec[] operands, Attr[] attributes, Func<OpCall, Shape> shape, Func<WorkCall, OpWork> work, RowDependence rows,
        GgmlPeer ggml) => new()
        {
            Op = op,
            Family = OpFamily.Attention,
            Word = word,
            Operands = operands,
            Attributes = attributes,
            ShapeRule = shape,
            WorkRule = work,
            Rows = rows,
            IsInteger = false,
            Nonlinearity = Nonlinearity.None,
            HidesErrors = rows == RowDependence.Others,
            Tolerance = 1e-10,
            Ggml = ggml,
        };

    /// <summary>x [T, heads, d], factors [dims/2] -> the shape of x.</summary>
    private static Shape Rope(OpCall call)
    {
        var dims = call.Dim(Attr.Dims);
        call.Divides(2, dims, null, "the number of rotated elements");
        call.AtLeast(dims, 0, null, "the number of rotated elements");
        call.AtLeast(call.Rank(Slot.X, 3).Last, dims, Slot.X, "the size of a head");
        call.Same(Slot.Factors, new Shape(dims / 2));
        return call[Slot.X];
    }

    /// <summary>q [T, heads, d] -> the shape of q.</summary>
    private static Shape Temperature(OpCall call)
    {
        call.AtLeast(call.Dim(Attr.Length), 1, null, "the length");
        return call.Rank(Slot.Query, 3);
    }

    /// <summary>
    /// q [T, heads, d], k [S, kvHeads, d], v [S, kvHeads, dv], bias [buckets, heads], sinks [heads] -> [T, heads*dv].
    /// Query head h reads the keys and values of head h / (heads/kvHeads).
    /// </summary>
    private static Shape Attention(OpCall call)
    {
        Shape q = call.Rank(Slot.Query, 3), k = call.Rank(Slot.Key, 3), v = call.Rank(Slot.Value, 3);
        call.Equal(k[2], q[2], Slot.Key, "the size of a head");
        call.Equal(v[1], k[1], Slot.Value, "the number of heads");
        call.Divides(k[1], q[1], Slot.Query, "the number of query heads");
        call.Equal(v[0], k[0], Slot.Value, "the number of tokens");
        if (call.Optional(Slot.Bias) is { } bias) call.Equal(bias[1], q[1], Slot.Bias, "the number of heads");
        call.Same(Slot.Sinks, new Shape(q[1]));
        return new Shape(q[0], q[1] * v[2]);
    }

    /// <summary>The rotation of a pair of elements: four multiplications and two additions.</summary>
    private static OpWork RopeWork(WorkCall call) => (RopeKind)call.Int32(Attr.Kind) == RopeKind.None
        ? default
        : new() { FlopsPerRow = 3 * call.Size(Slot.X, 1) * call.Int32(Attr.Dims), Bytes = call.Bytes(Slot.Factors) };

    /// <summary>The products of queries and keys, and of weights and values; the softmax between them is not counted, as usual.</summary>
    private static OpWork AttentionWork(WorkCall call) => new()
    {
        FlopsPerPair = 2 * call.Size(Slot.Query, 1) * (call.Size(Slot.Key, 2) + call.Size(Slot.Value, 2)),
        BytesPerKey = call.Bytes(Slot.Key) + call.Bytes(Slot.Value),
        Bytes = call.Bytes(Slot.Bias) + call.Bytes(Slot.Sinks),
    };
}
