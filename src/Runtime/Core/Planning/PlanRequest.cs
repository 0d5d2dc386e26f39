using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <summary>What a plan is made of.</summary>
/// <param name="Graph">The graph, in which outputs have been selected.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Backends">The backends, opened.</param>
/// <param name="Placement">The place of the backend that computes a node, among <paramref name="Backends"/>.</param>
/// <param name="CacheType">How keys and values are kept.</param>
internal sealed record PlanRequest(
    Graph Graph, ModelWeights Weights, IReadOnlyList<IBackendSession> Backends, Func<Node, int> Placement, CacheType CacheType)
{
    /// <summary>Whether each node's value is to be shown to an observer; nothing is fused then.</summary>
    public bool IsObserved { get; init; }

    /// <summary>Says where the squares of what products read are to be summed; null if nobody wants them.</summary>
    public ProductWatch? Watch { get; init; }
}
