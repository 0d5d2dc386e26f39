using System.Globalization;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Adapters;

/// <summary>A graph whose products add what adapters say: y = W x becomes W x + scale * B (A x). The weights themselves stay as the file has them.</summary>
internal static class AdaptedGraph
{
    /// <summary>The name of a matrix of an adapter as a weight of the graph; adapters are numbered as they are given.</summary>
    public static string NameOf(int adapter, string tensor, string suffix) => string.Create(CultureInfo.InvariantCulture, $"lora.{adapter}.{tensor}{suffix}");

    /// <summary>The graph with adapters.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="adapters">The adapters.</param>
    /// <param name="first">The number of the first of them.</param>
    /// <exception cref="ArchGenException">An adapted tensor is not read as a matrix.</exception>
    public static Graph Apply(Graph graph, IReadOnlyList<LoraAdapter> adapters, int first = 0)
    {
        if (adapters.Count == 0) return graph;
        return GraphRewriter.Apply(graph, (r, node) => Rewrite(r, node, adapters, first));
    }

    private static int? Rewrite(GraphRewriter r, Node node, IReadOnlyList<LoraAdapter> adapters, int first)
    {
        int? result = null;
        for (var i = 0; i < adapters.Count; i++)
        {
            foreach (var weight in node.Inputs.Where(input => input?.Op == Op.Weight))
                if (adapters[i].TryGet(weight!.Name, out var matrices)) result = Add(r, node, result ?? r.Copy(node), weight, matrices, first + i, adapters[i]);
        }

        return result;
    }

    private static int Add(GraphRewriter r, Node node, int result, Node weight, LoraMatrices matrices, int adapter, LoraAdapter source)
    {
        if (node.Op is not (Op.Linear or Op.ExpertLinear) || node.Input(Slot.Weight) != weight)
        {
            throw new ModelFileException($"{source.Name}: {weight.Name} is adapted, but the model reads it as more than a matrix ({node.Spec.Word} of "
                + $"{node.Name}). "
                + "Merge the adapter into the model with 'archgen merge-lora'.");
        }

        Dim rank = matrices.Rank;
        var a = r.Leaf(Op.Weight, NameOf(adapter, weight.Name, LoraAdapter.SuffixA), new Shape([.. weight.Shape.SkipLast(2), rank, weight.Shape[^1]]));
        var b = r.Leaf(Op.Weight, NameOf(adapter, weight.Name, LoraAdapter.SuffixB), new Shape([.. weight.Shape.SkipLast(1), rank]));
        var down = Product($"lora {adapter} a", r.Of(node.Input(Slot.X)), a);
        var up = Product($"lora {adapter} b", down, b);
        var scaled = r.Insert(node, $"lora {adapter} scale", Op.Scale, [up], new Attributes((Attr.Factor, matrices.Scale)));
        return r.Insert(node, $"lora {adapter}", Op.Add, [result, scaled], default);

        // Without bias and scale.
        int Product(string what, int x, int matrix)
        {
            int[] operands = [.. node.Spec.Operands.Select(operand => operand.Slot switch
            {
                Slot.X => x,
                Slot.Weight => matrix,
                Slot.Experts => r.Of(node.Input(Slot.Experts)),
                _ => -1,
            })];
            return r.Insert(node, what, node.Op, operands, node.Attributes);
        }
    }
}
