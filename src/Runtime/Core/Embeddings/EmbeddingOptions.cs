using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Embeddings;

/// <summary>How texts become embeddings.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>How a text's rows become one; null for what the file says.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Whether rows are divided by their length (L2), so that dot products are cosines.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = ProcessorCores.Count;
}
