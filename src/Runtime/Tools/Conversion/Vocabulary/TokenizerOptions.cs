using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>What the caller of <see cref="TokenizerMetadata.Read"/> knows besides the tokenizer's own files.</summary>
public sealed record TokenizerOptions
{
    /// <summary>The value of <c>tokenizer.ggml.pre</c> for byte-level BPE, whatever the files' structure says (<c>--pre NAME</c>).</summary>
    public string? Pre { get; init; }

    /// <summary>Names of <c>tokenizer.ggml.pre</c> that the architecture prefers where several have the same structure; the first that fits is taken.</summary>
    public IReadOnlyList<string> PreHints { get; init; } = [];

    /// <summary>The rows of the embedding; the vocabulary is filled with <c>[PADn]</c> up to it. Null: what config.json says, or else no filling.</summary>
    public int? VocabSize { get; init; }

    /// <summary>Keys that the architecture states of itself. They stand first; what the tokenizer's files say replaces them.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> Stated { get; init; } = [];

    /// <summary>Keys of the file besides, by which a reader tells how tokens behave: <c>general.name</c> and <c>general.architecture</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> General { get; init; } = [];

    /// <summary>What the class of the model says of a key that config.json leaves out, or null.</summary>
    public Func<string, int?> Default { get; init; } = static _ => null;

    /// <summary>Whether tokenizer.json itself is written, as <c>tokenizer.huggingface.json</c> (GGUF specification).</summary>
    public bool EmbedTokenizer { get; init; }

    /// <summary>Receives lines that the user should see.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
