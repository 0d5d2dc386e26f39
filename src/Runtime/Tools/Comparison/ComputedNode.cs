using ArchGen.Graphs;

namespace ArchGen.Tools.Comparison;

/// <summary>A node of the model with the figures that a dump has of a node.</summary>
internal sealed record ComputedNode(Node Node, int[] Dims, NodeSummary Summary)
{
    public long Count => Summary.Values.Length;

    public NodeComparison Against(DumpedNode reference)
    {
        var (error, worst) = Summary.Compare(reference, Dims);
        return new NodeComparison(Node, Dims, reference.Name, error, worst);
    }
}
