using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>Models of 32 tokens: with keys and values, with states, and with both.</summary>
internal static class SchedulingGraphs
{
    public const int Vocabulary = 32;

    public static Graph Named(string name) => name switch
    {
        "attention" => SampleGraphs.Decoder(),
        "recurrent" => Build(name, hasKeys: false),
        "hybrid" => Build(name, hasKeys: true),
        _ => throw new ArgumentException(name),
    };

    private static Graph Build(string name, bool hasKeys)
    {
        var b = new GraphBuilder(name);
        var tokens = b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens));
        var x = b.Add("embd", Op.GetRows, [b.Weight("embd.weight", Vocabulary, 8), tokens], default);
        var mixed = b.Add("blk.0.conv", Op.CausalConv, [x, b.Weight("w", 8, 4), b.Weight("b", 8), b.Leaf(Op.State, "conv", new Shape(3, 8))], default);
        x = b.Add("blk.0.x", Op.Add, [x, mixed], default);
        var dt = b.Add("dt", Op.Softplus, [b.Add("dt1", Op.Linear, [x, b.Weight("wdt", 2, 8)], default)], default);
        var decay = b.Add("a", Op.Scale, [b.Add("a1", Op.Exp, [b.Weight("wa", 2, 1)], default)], new((Attr.Factor, -0.1)));
        int In(string of) => b.Add(of + " heads", Op.Heads, [b.Add(of, Op.Linear, [x, b.Weight("w" + of, 6, 8)], default)], new((Attr.Count, 1)));
        var heads = b.Add("x heads", Op.Heads, [x], new((Attr.Count, 2)));
        var scan = b.Add("scan", Op.SelectiveScan, [heads, dt, decay, In("b1"), In("c1"), b.Leaf(Op.State, "ssm", new Shape(2, 4, 6))], default);
        x = b.Add("blk.1.x", Op.Add, [x, b.Add("scan (flat)", Op.Flatten, [scan], default)], default);
        if (hasKeys)
        {
            var q = b.Add("q", Op.Heads, [b.Add("q1", Op.Linear, [x, b.Weight("wq", 8, 8)], default)], new((Attr.Count, 2)));
            var k = b.Add("k", Op.Heads, [b.Add("k1", Op.Linear, [x, b.Weight("wk", 4, 8)], default)], new((Attr.Count, 1)));
            var v = b.Add("v", Op.Heads, [b.Add("v1", Op.Linear, [x, b.Weight("wv", 4, 8)], default)], new((Attr.Count, 1)));
            x = b.Add("blk.2.x", Op.Add, [x, b.Add("attention", Op.Attention, [q, k, v, -1, -1], new(SampleGraphs.Attention))], default);
        }

        x = b.Add("output_norm", Op.RmsNorm, [x, b.Weight("output_norm.weight", 8)], new((Attr.Epsilon, 1e-5)));
        return b.Build(b.Add("output", Op.Linear, [x, b.Weight("output.weight", Vocabulary, 8)], default));
    }
}
