using ArchGen.Eager;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>Makes a graph compute GELU with another precision.</summary>
internal static class GeluTables
{
    public static Graph Apply(Graph graph, GeluPrecision precision)
    {
        if (precision == GeluPrecision.Exact) return graph;
        var nodes = new Node[graph.Nodes.Count];
        foreach (var node in graph.Nodes)
        {
            Node?[] inputs = [.. node.Inputs.Select(input => input is null ? null : nodes[input.Id])];
            nodes[node.Id] = new Node(node.Id, node.Name, GeluTable.Of(node.Op, precision), node.Shape, inputs, node.Attributes)
            {
                Source = node.Source,
                Step = node.Step,
            };
        }

        return new Graph(graph.Name, nodes, nodes[graph.Output.Id]);
    }
}
