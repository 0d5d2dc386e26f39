using ArchGen.Graphs;
using ArchGen.Runtime.Tests.Graphs;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>Graphs that together use every operation, in the shapes that models use them in and in awkward ones.</summary>
internal static class OperationGraphs
{
    private static readonly Dictionary<string, Func<GraphBuilder, int, int>> Bodies = Make();

    public static IEnumerable<string> Names => Bodies.Keys;

    /// <summary>A table of tokens, then the named part on x [T, 24].</summary>
    public static Graph Of(string name)
    {
        var b = new GraphBuilder(name);
        var x = b.Add("embd", Op.GetRows, [b.Weight("table", 32, 24), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        return b.Build(Bodies[name](b, x));
    }

    private static Dictionary<string, Func<GraphBuilder, int, int>> Make()
    {
        var bodies = new Dictionary<string, Func<GraphBuilder, int, int>>(StringComparer.Ordinal)
        {
            ["positions"] = (b, x) =>
            {
                var positions = b.Leaf(Op.Positions, "positions", new Shape(Dim.Tokens));
                return b.Add("y", Op.Add, [x, b.Add("p", Op.GetRows, [b.Weight("ptable", 64, 24), positions], default)], default);
            },
            ["linear"] = (b, x) => b.Add("y", Op.Linear, [x, b.Weight("w", 17, 24), b.Weight("b", 17), b.Weight("s", 1)], default),
            ["linear of heads"] = (b, x) => b.Add("y", Op.Linear, [Heads(b, x, 3), b.Weight("w", 5, 8)], default),
            ["linear of a slice"] = (b, x) => b.Add("y", Op.Linear, [Slice(b, x, 8, 16), b.Weight("w", 5, 16)], default),
            ["linear of sliced heads"] = (b, x) => b.Add("y", Op.Linear, [Slice(b, Heads(b, x, 3), 2, 4), b.Weight("w", 5, 4)], default),
            ["head linear"] = (b, x) => b.Add("y", Op.HeadLinear, [Heads(b, x, 3), b.Weight("w", 3, 5, 8)], default),
            ["heads of a slice flattened"] = (b, x) => b.Add("y", Op.Flatten, [Slice(b, Heads(b, x, 3), 1, 6)], default),
            ["concat"] = (b, x) => b.Add("y", Op.Concat, [Slice(b, Heads(b, x, 3), 0, 3), Slice(b, Heads(b, x, 3), 5, 2)], default),
            ["repeated heads"] = (b, x) =>
                b.Add("y", Op.Concat, [Heads(b, x, 3), b.Add("r", Op.RepeatHeads, [Heads(b, Slice(b, x, 3, 7), 1)], new((Attr.Count, 3)))], default),
            ["broadcasts"] = (b, x) =>
            {
                var heads = b.Add("m", Op.Multiply, [Heads(b, x, 3), b.Weight("per head", 3, 1)], default);
                heads = b.Add("a", Op.Add, [heads, b.Weight("per element", 3, 8)], default);
                var sums = b.Add("n", Op.Clamp, [b.Add("s", Op.Sum, [heads], default)], new((Attr.Min, 2), (Attr.Max, 9)));
                heads = b.Add("d", Op.Divide, [heads, sums], default);
                heads = b.Add("left", Op.Subtract, [b.Weight("one", 1), heads], default);
                return b.Add("y", Op.Multiply, [heads, b.Weight("last", 8)], default);
            },
            ["constant"] = (b, x) =>
                b.Add("y", Op.Multiply, [x, b.Add("c", Op.Exp, [b.Add("c1", Op.Scale, [b.Weight("w", 24)], new((Attr.Factor, -0.5)))], default)], default),
            ["affine"] = (b, x) => b.Add("y", Op.Affine, [x], new((Attr.Factor, -1), (Attr.Offset, 1))),
            ["rms norm"] = (b, x) => b.Add("y", Op.RmsNorm, [x, b.Weight("w", 24)], new((Attr.Epsilon, 1e-3))),
            ["grouped norm"] = (b, x) => b.Add("y", Op.RmsNorm, [Heads(b, x, 3), b.Weight("w", 3, 8)], new((Attr.Epsilon, 1e-3))),
            ["layer norm"] = (b, x) => b.Add("y", Op.LayerNorm, [x, b.Weight("w", 24), b.Weight("b", 24)], new((Attr.Epsilon, 1e-3))),
            ["l2 norm"] = (b, x) => b.Add("y", Op.L2Norm, [Heads(b, x, 3)], new((Attr.Epsilon, 1e-3))),
            ["softmax"] = (b, x) => b.Add("y", Op.Softmax, [Heads(b, x, 3)], default),
            ["gated"] = (b, x) => b.Add("y", Op.Linear, [b.Add("g", Op.Multiply,
                [b.Add("act", Op.GeluTanh, [b.Add("gate", Op.Linear, [x, b.Weight("wg", 20, 24), b.Weight("bg", 20)], default)], default),
                 b.Add("up", Op.Linear, [x, b.Weight("wu", 20, 24)], default)], default), b.Weight("wd", 24, 20)], default),
            ["experts"] = Experts,
            ["grouped experts"] = (b, x) =>
            {
                var scores = b.Add("scores", Op.Sigmoid, [b.Add("router", Op.Linear, [x, b.Weight("wr", 12, 24)], default)], default);
                var kept = b.Add("kept", Op.TopGroups, [scores], new((Attr.Groups, 4), (Attr.Count, 2), (Attr.Length, 2)));
                return b.Add("y", Op.Gather, [scores, b.Add("ids", Op.TopK, [kept], new((Attr.Count, 4)))], default);
            },
            ["sparse mixer"] = (b, x) =>
            {
                var scores = b.Add("router", Op.Linear, [x, b.Weight("wr", 12, 24)], default);
                var ids = b.Add("ids", Op.TopK, [scores], new((Attr.Count, 3)));
                return b.Add("y", Op.SparseMixer, [scores, ids], new((Attr.Jitter, 0.2)));
            },
            ["rope"] = (b, x) => Rope(b, x, RopeKind.Normal, -1),
            ["rope of halves, with factors"] = (b, x) => Rope(b, x, RopeKind.Neox, b.Add("f", Op.Exp, [b.Weight("factors", 3)], default)),
            ["yarn"] = (b, x) => Rope(b, x, RopeKind.Neox, -1, (Attr.FreqScale, 0.25), (Attr.ExtFactor, 1), (Attr.OriginalContext, 16)),
            ["yarn, its ramp not truncated"] = (b, x) =>
                Rope(b, x, RopeKind.Neox, -1, (Attr.FreqScale, 0.25), (Attr.ExtFactor, 1), (Attr.OriginalContext, 16), (Attr.Truncated, 0)),
            ["temperature"] = (b, x) => b.Add("y", Op.Temperature, [Heads(b, x, 3)], new((Attr.Factor, 0.3), (Attr.Length, 5))),
            ["attention"] = (b, x) => Attention(b, x, 4, 4),
            ["grouped-query attention in a window"] = (b, x) => Attention(b, x, 6, 2, null, (Attr.Window, 5)),
            ["attention with softcap, ALiBi and sinks"] = (b, x) => Attention(b, x, 6, 1, "sinks", (Attr.Softcap, 1.5), (Attr.AlibiMaxBias, 8)),
            ["attention with T5's bias"] = (b, x) => Attention(b, x, 2, 2, "buckets", (Attr.BucketsMaxDistance, 12)),
            ["bidirectional attention"] = (b, x) => Attention(b, x, 4, 2, null, (Attr.Mask, (int)AttentionMask.Bidirectional)),
            ["bidirectional attention in a window"] = (b, x) => Attention(b, x, 4, 2, null, (Attr.Mask, (int)AttentionMask.Bidirectional), (Attr.Window, 7)),
            ["bidirectional attention with T5's bias"] = (b, x) =>
                Attention(b, x, 4, 2, "buckets", (Attr.Mask, (int)AttentionMask.Bidirectional), (Attr.BucketsMaxDistance, 12)),
            ["latent attention"] = (b, x) =>
            {
                var latent = Heads(b, b.Add("kv", Op.Linear, [x, b.Weight("wkv", 32, 24)], default), 1);
                var key = b.Add("k", Op.Concat, [latent, Heads(b, Slice(b, x, 0, 8), 1)], default);
                var query = Heads(b, b.Add("q", Op.Linear, [x, b.Weight("wq", 80, 24)], default), 2);
                return b.Add("y", Op.Attention, [query, key, latent], new([.. SampleGraphs.Attention]));
            },
            ["convolution"] = (b, x) =>
                b.Add("y", Op.CausalConv, [x, b.Weight("w", 24, 4), b.Weight("b", 24), b.Leaf(Op.State, "conv", new Shape(3, 24))], default),
            ["gated delta rule"] = (b, x) =>
            {
                int In(string name, int width) => b.Add(name, Op.Linear, [x, b.Weight("w" + name, width, 24)], default);
                int Unit(string name) => b.Add(name + " unit", Op.L2Norm, [Heads(b, In(name, 20), 2)], new((Attr.Epsilon, 1e-6)));
                var decay = b.Add("decay", Op.Scale, [b.Add("d", Op.Softplus, [In("dt", 4)], default)], new((Attr.Factor, -0.5)));
                var beta = b.Add("beta", Op.Sigmoid, [In("b", 4)], default);
                int[] operands = [Unit("q"), Unit("k"), Heads(b, x, 4), decay, beta, b.Leaf(Op.State, "memory", new Shape(4, 6, 10))];
                return b.Add("y", Op.GatedDeltaRule, operands, default);
            },
            ["selective scan"] = (b, x) =>
            {
                var dt = b.Add("dt", Op.Softplus, [b.Add("dt1", Op.Linear, [x, b.Weight("wdt", 4, 24)], default)], default);
                var decay = b.Add("a", Op.Scale, [b.Add("a1", Op.Exp, [b.Weight("wa", 4, 1)], default)], new((Attr.Factor, -1)));
                int In(string name) => Heads(b, b.Add(name, Op.Linear, [x, b.Weight("w" + name, 20, 24)], default), 2);
                return b.Add("y", Op.SelectiveScan, [Heads(b, x, 4), dt, decay, In("b"), In("c"), b.Leaf(Op.State, "ssm", new Shape(4, 6, 10))], default);
            },
        };
        foreach (var op in new[] { Op.Silu, Op.Gelu, Op.GeluTanh, Op.GeluQuick, Op.GeluTable, Op.Relu, Op.ReluSquared, Op.Sigmoid, Op.Tanh, Op.Softplus, Op.Exp })
            bodies[op.ToString()] = (b, x) => b.Add("y", op, [b.Add("wide", Op.Scale, [x], new((Attr.Factor, 7)))], default);
        return bodies;
    }

    private static int Heads(GraphBuilder b, int x, int count) => b.Add("heads", Op.Heads, [x], new((Attr.Count, count)));

    private static int Slice(GraphBuilder b, int x, int start, int length) => b.Add("slice", Op.Slice, [x], new((Attr.Start, start), (Attr.Length, length)));

    private static Attributes With((Attr Key, double Value)[] numbers, params (Attr Key, double Value)[] others) =>
        new([.. numbers.Where(n => others.All(o => o.Key != n.Key)), .. others]);

    private static int Rope(GraphBuilder b, int x, RopeKind kind, int factors, params (Attr, double)[] numbers) =>
        b.Add("y", Op.Rope, [Heads(b, x, 3), factors], With(SampleGraphs.Rope, [(Attr.Kind, (int)kind), (Attr.Dims, 6), .. numbers]));

    private static int Attention(GraphBuilder b, int x, int heads, int keyHeads, string? extra = null, params (Attr, double)[] numbers)
    {
        int Project(string name, int count, int width) => Heads(b, b.Add(name, Op.Linear, [x, b.Weight("w" + name, count * width, 24)], default), count);
        var bias = extra == "buckets" ? b.Weight("buckets", 8, heads) : -1;
        var sinks = extra == "sinks" ? b.Weight("sinks", heads) : -1;
        int[] operands = [Project("q", heads, 8), Project("k", keyHeads, 8), Project("v", keyHeads, 12), bias, sinks];
        return b.Add("y", Op.Attention, operands, With(SampleGraphs.Attention, numbers));
    }

    private static int Experts(GraphBuilder b, int x)
    {
        var probabilities = b.Add("p", Op.Softmax, [b.Add("router", Op.Linear, [x, b.Weight("wr", 6, 24)], default)], default);
        var ids = b.Add("ids", Op.TopK, [probabilities], new((Attr.Count, 2)));
        var gate = b.Add("gate", Op.ExpertLinear, [x, b.Weight("wg", 6, 10, 24), ids, b.Weight("bg", 6, 10), b.Weight("sg", 6)], default);
        var up = b.Add("up", Op.ExpertLinear, [x, b.Weight("wu", 6, 10, 24), ids], default);
        var hidden = b.Add("hidden", Op.Multiply, [b.Add("act", Op.Silu, [gate], default), up], default);
        var down = b.Add("down", Op.ExpertLinear, [hidden, b.Weight("wd", 6, 24, 10), ids], default);
        return b.Add("y", Op.WeightedSum, [down, b.Add("chosen", Op.Gather, [probabilities, ids], default)], default);
    }
}
