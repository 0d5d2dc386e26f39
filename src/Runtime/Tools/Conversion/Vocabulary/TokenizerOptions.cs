using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>The facts that the caller of <see cref="TokenizerMetadata.Read"/> has besides the tokenizer's own files.</summary>
public sealed record TokenizerOptions
{
    /// <summary>The value of <c>tokenizer.ggml.pre</c> for byte-level BPE (<c>--pre NAME</c>). By default (null) it follows from the files.</summary>
    public string? Pre { get; init; }

    /// <summary>Names of <c>tokenizer.ggml.pre</c> that the architecture prefers if several have the same structure, best first.</summary>
    public IReadOnlyList<string> PreHints { get; init; } = [];

    /// <summary>The number of tokens; the vocabulary is padded with <c>[PADn]</c>. Defaults (null) to config.json's, or without that to no padding.</summary>
    public int? VocabSize { get; init; }

    /// <summary>Keys that the architecture itself states. They come first; values of the tokenizer's files replace them. None by default.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> Stated { get; init; } = [];

    /// <summary>The file's other keys that decide how a reader treats tokens: <c>general.name</c> and <c>general.architecture</c>. None by default.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> General { get; init; } = [];

    /// <summary>The default that the class of the model has for a key of config.json, or null. By default always null.</summary>
    public Func<string, int?> Default { get; init; } = static _ => null;

    /// <summary>Whether tokenizer.json itself is written, as <c>tokenizer.huggingface.json</c> (GGUF specification). Defaults to false.</summary>
    public bool EmbedTokenizer { get; init; }

    /// <summary>Receives lines that the user should see. Ignores them by default.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
