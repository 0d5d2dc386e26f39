using System.Globalization;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Adapters;

/// <summary>A graph whose products add what adapters say: y = W x becomes W x + scale * B (A x). The weights themselves stay as the file has them.</summary>
internal static class AdaptedGraph
{
    /// <summary>The name of a matrix of an adapter as a weight of the graph; adapters are numbered as they are given.</summary>
    public static string NameOf(int adapter, string tensor, string suffix) => string.Create(CultureInfo.InvariantCulture, $"lora.{adapter}.{tensor}{suffix}");

    /// <exception cref="ArchGenException">A tensor is adapted that is not read as a matrix.</exception>
    public static Graph Apply(Graph graph, IReadOnlyList<LoraAdapter> adapters)
    {
        if (adapters.Count == 0) return graph;
        var nodes = new List<Node>();
        var replaced = new Node[graph.Nodes.Count];
        foreach (var node in graph.Nodes)
        {
            Node?[] inputs = [.. node.Inputs.Select(input => input is null ? null : replaced[input.Id])];
            var result = Append(nodes, node.Name, node.Op, node.Shape, inputs, node.Attributes, node);
            for (var i = 0; i < adapters.Count; i++)
            {
                foreach (var weight in node.Inputs.Where(input => input?.Op == Op.Weight))
                    if (adapters[i].TryGet(weight!.Name, out var matrices)) result = Add(nodes, node, inputs, result, weight, matrices, i, adapters[i]);
            }

            replaced[node.Id] = result;
        }

        return new Graph(graph.Name, [.. nodes], replaced[graph.Output.Id]);
    }

    private static Node Add(List<Node> nodes, Node node, Node?[] inputs, Node result, Node weight, LoraMatrices matrices, int adapter, LoraAdapter source)
    {
        if (node.Op is not (Op.Linear or Op.ExpertLinear) || node.Inputs[1] != weight)
        {
            throw new ArchGenException($"{source.Name}: {weight.Name} is adapted, but the model reads it as more than a matrix ({OpTable.Of(node.Op).Word} of {node.Name}). "
                + "Merge the adapter into the model with 'archgen merge-lora'.");
        }

        Node?[] ids = node.Op == Op.ExpertLinear ? [inputs[2]] : [];
        Dim rank = matrices.Rank;
        var a = Append(nodes, NameOf(adapter, weight.Name, LoraAdapter.SuffixA), Op.Weight, new Shape([.. weight.Shape.SkipLast(2), rank, weight.Shape[^1]]), [], default, null);
        var b = Append(nodes, NameOf(adapter, weight.Name, LoraAdapter.SuffixB), Op.Weight, new Shape([.. weight.Shape.SkipLast(1), rank]), [], default, null);
        var down = Append(nodes, $"{node.Name} (lora {adapter} a)", node.Op, new Shape([.. node.Shape.SkipLast(1), rank]), Operands(inputs[0], a, ids, node), node.Attributes, node);
        var up = Append(nodes, $"{node.Name} (lora {adapter} b)", node.Op, node.Shape, Operands(down, b, ids, node), node.Attributes, node);
        var scaled = Append(nodes, $"{node.Name} (lora {adapter} scale)", Op.Scale, node.Shape, [up], new Attributes((Attr.Factor, matrices.Scale)), node);
        return Append(nodes, $"{node.Name} (lora {adapter})", Op.Add, node.Shape, [result, scaled], default, node);
    }

    /// <summary>Operands of a product without bias and scale.</summary>
    private static Node?[] Operands(Node? x, Node weight, Node?[] ids, Node like)
    {
        Node?[] operands = [x, weight, .. ids];
        return [.. operands, .. Enumerable.Repeat<Node?>(null, like.Inputs.Count - operands.Length)];
    }

    private static Node Append(List<Node> nodes, string name, Op op, Shape shape, Node?[] inputs, Attributes attributes, Node? origin)
    {
        var node = new Node(nodes.Count, name, op, shape, inputs, attributes) { Source = origin?.Source, Step = origin?.Step ?? -1 };
        nodes.Add(node);
        return node;
    }
}
