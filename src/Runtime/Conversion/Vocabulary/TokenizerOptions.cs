namespace ArchGen.Conversion.Vocabulary;

/// <summary>What is known of a checkpoint's vocabulary beside its tokenizer files.</summary>
public sealed record TokenizerOptions
{
    /// <summary>The name in <c>tokenizer.ggml.pre</c>, or null to find it from the tokenizer's structure.</summary>
    public string? Pre { get; init; }

    /// <summary>The name that counts where several stand for the same structure.</summary>
    public string? PreferredPre { get; init; }

    /// <summary>How many tokens the model has, or null for those of the tokenizer. What is missing is filled up with <c>[PADn]</c>.</summary>
    public int? VocabSize { get; init; }

    /// <summary>Whether tokenizer.json is written into the file as a whole.</summary>
    public bool EmbedTokenizer { get; init; }
}
