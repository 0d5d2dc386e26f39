using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Execution.Cases;

/// <summary>Products, tables and mixtures of experts.</summary>
internal static class LinearCases
{
    public static readonly OperationCase[] All =
    [
        new("positions", (b, x) =>
        {
            var positions = b.Leaf(Op.Positions, "positions", new Shape(Dim.Tokens));
            return b.Add("y", Op.Add, [x, b.Add("p", Op.GetRows, [b.Weight("ptable", 64, 24), positions], default)], default);
        }),
        new("linear", (b, x) => b.Add("y", Op.Linear, [x, b.Weight("w", 17, 24), b.Weight("b", 17), b.Weight("s", 1)], default)),
        new("linear of heads", (b, x) => b.Add("y", Op.Linear, [b.Heads(x, 3), b.Weight("w", 5, 8)], default)),
        new("linear of a slice", (b, x) => b.Add("y", Op.Linear, [b.Slice(x, 8, 16), b.Weight("w", 5, 16)], default)),
        new("linear of sliced heads", (b, x) => b.Add("y", Op.Linear, [b.Slice(b.Heads(x, 3), 2, 4), b.Weight("w", 5, 4)], default)),
        new("head linear", (b, x) => b.Add("y", Op.HeadLinear, [b.Heads(x, 3), b.Weight("w", 3, 5, 8)], default)),
        new("gated", (b, x) => b.Add("y", Op.Linear, [b.Add("g", Op.Multiply,
            [b.Add("act", Op.GeluTanh, [b.Add("gate", Op.Linear, [x, b.Weight("wg", 20, 24), b.Weight("bg", 20)], default)], default),
             b.Add("up", Op.Linear, [x, b.Weight("wu", 20, 24)], default)], default), b.Weight("wd", 24, 20)], default)),
        new("experts", Experts),
    ];

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
