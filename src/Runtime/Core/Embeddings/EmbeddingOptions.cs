namespace ArchGen.Runtime.Embeddings;

/// <summary>The form of embeddings, and how they are computed.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>The pooling of a text's rows into one. Defaults (null) to what the file says.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Whether embeddings are divided by their L2 norm, so that dot products are cosines. Defaults to true.</summary>
    public bool Normalize { get; init; } = true;
}
