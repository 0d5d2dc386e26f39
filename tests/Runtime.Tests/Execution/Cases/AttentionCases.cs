using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Execution.Cases;

/// <summary>Attention, and what belongs to its queries and keys.</summary>
internal static class AttentionCases
{
    public static readonly OperationCase[] All =
    [
        new("rope", (b, x) => Rope(b, x, RopeKind.Interleaved, -1)),
        new("rope of halves, with factors", (b, x) => Rope(b, x, RopeKind.HalfSplit, b.Add("f", Op.Exp, [b.Weight("factors", 3)], default))),
        new("yarn", (b, x) => Rope(b, x, RopeKind.HalfSplit, -1, (Attr.FreqScale, 0.25), (Attr.ExtFactor, 1), (Attr.OriginalContext, 16))),
        new("yarn, its ramp not truncated", (b, x) =>
            Rope(b, x, RopeKind.HalfSplit, -1, (Attr.FreqScale, 0.25), (Attr.ExtFactor, 1), (Attr.OriginalContext, 16), (Attr.Truncated, 0))),
        new("rope turned back", (b, x) => Rope(b, x, RopeKind.HalfSplit, -1, (Attr.Inverse, 1), (Attr.AttnFactor, 1.5))),
        new("temperature", (b, x) => b.Add("y", Op.Temperature, [b.Heads(x, 3)], new((Attr.Factor, 0.3), (Attr.Length, 5)))),
        new("temperature of the next position", (b, x) =>
            b.Add("y", Op.Temperature, [b.Heads(x, 3)], new((Attr.Factor, 0.3), (Attr.Length, 5), (Attr.Offset, 1)))),
        new("attention", (b, x) => Attention(b, x, 4, 4)),
        new("grouped-query attention in a window", (b, x) => Attention(b, x, 6, 2, null, (Attr.Window, 5))),
        new("attention with softcap, ALiBi and sinks", (b, x) => Attention(b, x, 6, 1, "sinks", (Attr.Softcap, 1.5), (Attr.AlibiMaxBias, 8))),
        new("attention with T5's bias", (b, x) => Attention(b, x, 2, 2, "buckets", (Attr.BucketsMaxDistance, 12))),
        new("bidirectional attention", (b, x) => Attention(b, x, 4, 2, null, (Attr.Mask, (int)AttentionMask.Bidirectional))),
        new("bidirectional attention in a window", (b, x) => Attention(b, x, 4, 2, null, (Attr.Mask, (int)AttentionMask.Bidirectional), (Attr.Window, 7))),
        new("bidirectional attention with T5's bias", (b, x) =>
            Attention(b, x, 4, 2, "buckets", (Attr.Mask, (int)AttentionMask.Bidirectional), (Attr.BucketsMaxDistance, 12))),
        new("cross attention", (b, x) =>
        {
            var encoded = b.Leaf(Op.Encoded, "encoded", new Shape(Dim.EncoderTokens, 10));
            int Project(string name, int input, int width) => b.Heads(b.Add(name, Op.Linear, [input, b.Weight("w" + name, 24, width)], default), 3);
            return b.Add("y", Op.CrossAttention, [Project("q", x, 24), Project("k", encoded, 10), Project("v", encoded, 10)], new((Attr.Factor, 0.4)));
        }),
        new("latent attention", (b, x) =>
        {
            var latent = b.Heads(b.Add("kv", Op.Linear, [x, b.Weight("wkv", 32, 24)], default), 1);
            var key = b.Add("k", Op.Concat, [latent, b.Heads(b.Slice(x, 0, 8), 1)], default);
            var query = b.Heads(b.Add("q", Op.Linear, [x, b.Weight("wq", 80, 24)], default), 2);
            return b.Add("y", Op.Attention, [query, key, latent], new([.. SampleGraphs.Attention]));
        }),
    ];

    private static Attributes With((Attr Key, double Value)[] numbers, params (Attr Key, double Value)[] others) =>
        new([.. numbers.Where(n => others.All(o => o.Key != n.Key)), .. others]);

    private static int Rope(GraphBuilder b, int x, RopeKind kind, int factors, params (Attr, double)[] numbers) =>
        b.Add("y", Op.Rope, [b.Heads(x, 3), factors], With(SampleGraphs.Rope, [(Attr.Kind, (int)kind), (Attr.Dims, 6), .. numbers]));

    private static int Attention(GraphBuilder b, int x, int heads, int keyHeads, string? extra = null, params (Attr, double)[] numbers)
    {
        int Project(string name, int count, int width) => b.Heads(b.Add(name, Op.Linear, [x, b.Weight("w" + name, count * width, 24)], default), count);
        var bias = extra == "buckets" ? b.Weight("buckets", 8, heads) : -1;
        var sinks = extra == "sinks" ? b.Weight("sinks", heads) : -1;
        int[] operands = [Project("q", heads, 8), Project("k", keyHeads, 8), Project("v", keyHeads, 12), bias, sinks];
        return b.Add("y", Op.Attention, operands, With(SampleGraphs.Attention, numbers));
    }
}
