using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <summary>The inputs of a plan.</summary>
/// <param name="Graph">The graph, in which outputs have been selected.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Backends">The backends, opened.</param>
/// <param name="Placement">The index of the backend that computes a node, among <paramref name="Backends"/>.</param>
/// <param name="CacheType">The type of the KV cache.</param>
internal sealed record PlanRequest(
    Graph Graph, ModelWeights Weights, IReadOnlyList<IBackendSession> Backends, Func<Node, int> Placement, CacheType CacheType)
{
    /// <summary>Whether each node's value is to be shown to an observer; nothing is fused then.</summary>
    public bool IsObserved { get; init; }

    /// <summary>Selects the products whose squared inputs are summed; null for none.</summary>
    public ProductWatch? Watch { get; init; }
}
