using ArchGen.Graphs;

namespace ArchGen.Dsl.Tests.Graphs;

internal static class SampleGraphs
{
    public static readonly (Attr, double)[] Rope =
    [
        (Attr.Kind, (int)RopeKind.HalfSplit), (Attr.Dims, 4), (Attr.FreqBase, 10000), (Attr.FreqScale, 1), (Attr.ExtFactor, 0),
        (Attr.AttnFactor, 1), (Attr.BetaFast, 32), (Attr.BetaSlow, 1), (Attr.OriginalContext, 2048), (Attr.Truncated, 1),
    ];

    public static readonly (Attr, double)[] Attention =
    [
        (Attr.Factor, 0.5), (Attr.Mask, (int)AttentionMask.Causal), (Attr.Window, 0), (Attr.Softcap, 0), (Attr.AlibiMaxBias, 0),
        (Attr.BucketsMaxDistance, 0), (Attr.Layer, 0),
    ];

    public static int Weight(this GraphBuilder builder, string name, params Dim[] dims) => builder.Leaf(Op.Weight, name, new Shape(dims));

    /// <summary>A decoder of one block: attention with a bias on the query, and a gated feed-forward part.</summary>
    public static Graph Decoder()
    {
        var b = new GraphBuilder("tiny");
        var tokens = b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens));
        var x = b.Add("token_embd", Op.GetRows, [b.Weight("token_embd.weight", 32, 8), tokens], default);
        var h = b.Add("blk.0.attn_norm", Op.RmsNorm, [x, b.Weight("blk.0.attn_norm.weight", 8)], new((Attr.Epsilon, 1e-5)));
        var bias = b.Weight("blk.0.attn_q.bias", 8);
        var q = b.Add("blk.0.attn_q", Op.Linear, [h, b.Weight("blk.0.attn_q.weight", 8, 8), bias], default);
        var k = b.Add("blk.0.attn_k", Op.Linear, [h, b.Weight("blk.0.attn_k.weight", 4, 8)], default);
        var v = b.Add("blk.0.attn_v", Op.Linear, [h, b.Weight("blk.0.attn_v.weight", 4, 8)], default);
        q = b.Add("blk.0.attn_q (heads)", Op.Heads, [q], new((Attr.Count, 2)));
        q = b.Add("blk.0.attn_q (rope)", Op.Rope, [q, -1], new(Rope));
        k = b.Add("blk.0.attn_k (heads)", Op.Heads, [k], new((Attr.Count, 1)));
        k = b.Add("blk.0.attn_k (rope)", Op.Rope, [k, -1], new(Rope));
        v = b.Add("blk.0.attn_v (heads)", Op.Heads, [v], new((Attr.Count, 1)));
        var attention = b.Add("blk.0.attention", Op.Attention, [q, k, v, -1, -1], new(Attention));
        x = b.Add("blk.0.x", Op.Add, [x, attention], default);
        var gate = b.Add("blk.0.ffn_gate", Op.Linear, [x, b.Weight("blk.0.ffn_gate.weight", 16, 8)], default);
        gate = b.Add("blk.0.ffn_gate (silu)", Op.Silu, [gate], default);
        x = b.Add("output", Op.Linear, [gate, b.Weight("output.weight", 32, 16)], default);
        return b.Build(x);
    }

    /// <summary>Two blocks of a gated feed-forward part, the second with a bias.</summary>
    public static Graph FeedForward()
    {
        var b = new GraphBuilder("ffn");
        var x = b.Leaf(Op.Encoded, "x", new Shape(Dim.EncoderTokens, 8));
        for (var i = 0; i < 2; i++)
        {
            var gate = b.Add($"blk.{i}.gate", Op.Linear, [x, b.Weight($"blk.{i}.gate.weight", 8, 8), i == 0 ? -1 : b.Weight("blk.1.gate.bias", 8)], default);
            x = b.Add($"blk.{i}.out", Op.Multiply, [b.Add($"blk.{i}.gate (silu)", Op.Silu, [gate], default), x], default);
        }

        return b.Build(b.Add("output", Op.Scale, [x], new((Attr.Factor, 0.1))));
    }

    /// <summary>Some operations on what came before, with names of all kinds; valid by construction.</summary>
    public static Graph Random(int seed)
    {
        var random = new Random(seed);
        var b = new GraphBuilder(seed % 2 == 0 ? "random" : $"random \"{seed}\"");
        var values = new List<int> { b.Add("embd", Op.GetRows, [b.Weight("table", 16, 8), b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default) };
        for (var i = 0; i < 20; i++)
        {
            int Any() => values[random.Next(Math.Max(0, values.Count - 3), values.Count)];
            int RopeOf(int heads) => b.Add("turned", Op.Rope, [heads, Maybe($"f{i}", 2)], new(Rope));
            int Maybe(string name, params Dim[] dims) => random.Next(2) == 0 ? -1 : b.Weight(name, dims);
            string[] names =
                [$"blk.{i / 5}.n", $"blk.{i / 5}.n (f)", $"n \"{i}\"", $"\\ {i}", $"line\n{i}\t\u2028", "\ud83d\ude00", "\ud800", "->", "1", "", "graph"];
            var name = names[random.Next(names.Length)];
            var numbers = random.NextDouble() * Math.Pow(10, random.Next(-12, 12));
            values.Add(random.Next(8) switch
            {
                0 => b.Add(name, Op.Linear, [Any(), b.Weight($"w{i}", 8, 8), Maybe($"b{i}", 8), Maybe($"s{i}", 1)], default),
                1 => b.Add(name, Op.LayerNorm, [Any(), Maybe($"w{i}", 8), Maybe($"b{i}", 8)], new((Attr.Epsilon, numbers))),
                2 => b.Add(name, Op.Add, [Any(), Any()], default),
                3 => b.Add(name, Op.Scale, [Any()], new((Attr.Factor, -numbers))),
                4 => b.Add(name, Op.Clamp, [Any()], new((Attr.Max, double.PositiveInfinity), (Attr.Min, -numbers))),
                5 => b.Add(name, Op.CausalConv, [Any(), b.Weight($"k{i}", 8, 4), Maybe($"b{i}", 8), b.Leaf(Op.State, $"state{i}", new Shape(3, 8))], default),
                6 => b.Add(name, Op.Flatten, [RopeOf(b.Add(name, Op.Heads, [Any()], new((Attr.Count, 2))))], default),
                _ => b.Add(name, Op.Slice, [b.Add(name, Op.Concat, [Any(), Any()], default)], new((Attr.Start, random.Next(8)), (Attr.Length, 8))),
            });
        }

        return b.Build(values[^1]);
    }
}
