namespace ArchGen.Runtime.Embeddings;

/// <summary>The pooling of a text's rows to one; the numbers are those of <c>ARCH.pooling_type</c> in a GGUF file.</summary>
public enum Pooling
{
    /// <summary>They do not: each token keeps its row.</summary>
    None = 0,

    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>The first token's row (BERT's [CLS]).</summary>
    Cls = 2,

    /// <summary>The last token's row.</summary>
    Last = 3,

    /// <summary>A ranking head makes scores of one of them (a reranker: the text is a query with a document).</summary>
    Rank = 4,
}
