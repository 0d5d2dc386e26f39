using ArchGen.Graphs;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <content>What the prefix cache of the scheduler does with cells and states.</content>
public sealed partial class InferenceContext
{
    /// <summary>The cells of the KV cache.</summary>
    internal CellTable Cells => _cells;

    /// <summary>The cells of a sequence.</summary>
    internal unsafe int[] CellsOf(int sequence) => new ReadOnlySpan<int>(_cells.Cells(sequence), _cells.Count(sequence)).ToArray();

    /// <summary>The number of sets of adapters.</summary>
    internal int AdapterSets => _plans.Count;

    /// <summary>Whether a token's result does not depend on the others in a micro-batch.</summary>
    internal bool IsBatchInvariant => _backends.Backends.All(backend => backend.IsBatchInvariant);

    /// <summary>The same, if all tokens of a micro-batch are of one phase and have it stated.</summary>
    internal bool IsBatchInvariantByPhase => _backends.Backends.All(backend => backend.IsBatchInvariantByPhase);

    /// <summary>Positions are below this.</summary>
    internal int MaxPositions => _plans.Limits.Positions;

    /// <summary>Whether sequences have cells of the KV cache.</summary>
    internal bool HasKeys => _hasKeys;

    /// <summary>Gives a sequence kept cells from a position on, in place of its own or after its last token.</summary>
    internal void Share(int sequence, int first, ReadOnlySpan<int> kept) => _sequences.Share(sequence, first, kept);

    /// <summary>Begins an empty sequence with saved states, those after a number of tokens.</summary>
    internal void Resume(int sequence, int tokens, int checkpoint) => _sequences.Resume(sequence, tokens, checkpoint);

    /// <summary>Saves the states of a sequence.</summary>
    internal void SaveStates(int sequence, int checkpoint) => _sequences.SaveStates(sequence, checkpoint);

    // The graph with each set of adapters; adapters are numbered from the first set to the last.
    private static List<Graph> GraphsOf(Graph graph, ContextOptions options)
    {
        var (graphs, first) = (new List<Graph>(), 0);
        foreach (var set in options.AllAdapterSets)
        {
            graphs.Add(OutputSelection.Insert(GeluTables.Apply(AdaptedGraph.Apply(graph, set, first), options.Gelu)));
            first += set.Count;
        }

        return graphs;
    }
}
