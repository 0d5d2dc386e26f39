using ArchGen.Eager;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>Makes a graph compute GELU with another precision.</summary>
internal static class GeluTables
{
    public static Graph Apply(Graph graph, GeluPrecision precision) => precision == GeluPrecision.Exact ? graph : GraphRewriter.Apply(
        graph,
        (r, node) => GeluTable.Of(node.Op, precision) is var op && op == node.Op ? null : r.Make(node, op, r.Operands(node), node.Attributes));
}
