using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Execution;

/// <summary>The options of a run of a prompt through a model from its beginning.</summary>
public sealed record RunMode
{
    /// <summary>The backend.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>The placement: the backend of a node. Null, for a node or as a whole, means <see cref="Backend"/>.</summary>
    public Func<Node, IBackend?>? Placement { get; init; }

    /// <summary>Tokens that are computed together; a model whose tokens see later ones needs all in one batch. Defaults to all.</summary>
    public int BatchSize { get; init; } = int.MaxValue;

    /// <summary>The type of the KV cache. Defaults to 32-bit floats, which are exact.</summary>
    public CacheType CacheType { get; init; } = CacheType.F32;

    /// <summary>The computation of GELU. Defaults to the author's definition.</summary>
    public GeluPrecision Gelu { get; init; }

    /// <summary>Ends the run between two steps.</summary>
    public CancellationToken Cancellation { get; init; }
}
