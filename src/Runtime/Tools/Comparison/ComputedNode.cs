using ArchGen.Graphs;

namespace ArchGen.Tools.Comparison;

/// <summary>A node of ours with what a dump would hold of it.</summary>
internal sealed record ComputedNode(Node Node, int[] Dims, NodeSummary Summary)
{
    public long Count => Summary.Values.Length;

    public NodeComparison Against(DumpedNode reference)
    {
        var (error, worst) = Summary.Compare(reference, Dims);
        return new NodeComparison(Node, Dims, reference.Name, error, worst);
    }
}
