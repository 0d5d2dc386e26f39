using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Execution;

/// <summary>How a prompt is run through a model from its beginning.</summary>
public sealed record RunMode
{
    /// <summary>What computes.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>Which backend computes a node; null, for a node or altogether, means <see cref="Backend"/>.</summary>
    public Func<Node, IBackend?>? Placement { get; init; }

    /// <summary>Tokens that are computed together; a model whose tokens see later ones takes all at once. Defaults to all.</summary>
    public int BatchSize { get; init; } = int.MaxValue;

    /// <summary>How keys and values are kept. Defaults to 32-bit floats, which are exact.</summary>
    public CacheType CacheType { get; init; } = CacheType.F32;

    /// <summary>How GELU is computed. Defaults to the author's definition.</summary>
    public GeluPrecision Gelu { get; init; }

    /// <summary>Ends the run between two steps.</summary>
    public CancellationToken Cancellation { get; init; }
}
