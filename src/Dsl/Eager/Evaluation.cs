namespace ArchGen;

/// <summary>What happens when a forward pass runs: each operation is recorded in a graph, or computed at once.</summary>
internal abstract class Evaluation
{
    private int _caches;

    /// <summary>The number of positions that one sequence of the run may reach.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>The ids of the batch's tokens, [T].</summary>
    public abstract Tensor Tokens { get; }

    /// <summary>The positions of the batch's tokens, [T].</summary>
    public abstract Tensor Positions { get; }

    /// <summary>The parts of their texts that the batch's tokens belong to, [T]: 0.</summary>
    public abstract Tensor Segments { get; }

    /// <summary>The number of the next attention that keeps its keys and values.</summary>
    public int NextCache() => _caches++;

    /// <summary>Applies an operation.</summary>
    public abstract Tensor Apply(string name, Op op, Attributes attributes, params Tensor?[] inputs);

    /// <summary>A tensor of the file; null where there is none.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(info))]
    public abstract Tensor? Weight(TensorInfo? info);

    /// <summary>The state of a block.</summary>
    public abstract Tensor State(State state);
}
