using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Execution.Cases;

/// <summary>Operations with a state.</summary>
internal static class RecurrentCases
{
    public static readonly OperationCase[] All =
    [
        new("convolution", (b, x) =>
            b.Add("y", Op.CausalConv, [x, b.Weight("w", 24, 4), b.Weight("b", 24), b.Leaf(Op.State, "conv", new Shape(3, 24))], default)),
        new("gated delta rule", (b, x) =>
        {
            int In(string name, int width) => b.Add(name, Op.Linear, [x, b.Weight("w" + name, width, 24)], default);
            int Unit(string name) => b.Add(name + " unit", Op.L2Norm, [b.Heads(In(name, 20), 2)], new((Attr.Epsilon, 1e-6)));
            var decay = b.Add("decay", Op.Scale, [b.Add("d", Op.Softplus, [In("dt", 4)], default)], new((Attr.Factor, -0.5)));
            var beta = b.Add("beta", Op.Sigmoid, [In("b", 4)], default);
            int[] operands = [Unit("q"), Unit("k"), b.Heads(x, 4), decay, beta, b.Leaf(Op.State, "memory", new Shape(4, 6, 10))];
            return b.Add("y", Op.GatedDeltaRule, operands, default);
        }),
        new("selective scan", (b, x) =>
        {
            var dt = b.Add("dt", Op.Softplus, [b.Add("dt1", Op.Linear, [x, b.Weight("wdt", 4, 24)], default)], default);
            var decay = b.Add("a", Op.Scale, [b.Add("a1", Op.Exp, [b.Weight("wa", 4, 1)], default)], new((Attr.Factor, -1)));
            int In(string name) => b.Heads(b.Add(name, Op.Linear, [x, b.Weight("w" + name, 20, 24)], default), 2);
            return b.Add("y", Op.SelectiveScan, [b.Heads(x, 4), dt, decay, In("b"), In("c"), b.Leaf(Op.State, "ssm", new Shape(4, 6, 10))], default);
        }),
    ];
}
