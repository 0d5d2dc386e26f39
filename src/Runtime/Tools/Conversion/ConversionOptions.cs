using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion;

/// <summary>The choices of a conversion. By default the checkpoint decides.</summary>
public sealed record ConversionOptions
{
    /// <summary>The type of matrices. Defaults (null) to that of the checkpoint: F16 if it is F16, BF16 otherwise.</summary>
    public TensorType? Type { get; init; }

    /// <summary>Whether only keys and vocabulary are written, and the folder needs no weights. Defaults to false.</summary>
    public bool VocabOnly { get; init; }

    /// <summary>The value of <c>general.name</c>. Defaults (null) to the folder's name.</summary>
    public string? ModelName { get; init; }

    /// <summary>Keys of config.json that may be unknown. None by default: an unknown key is an error, since it may change the model.</summary>
    public IReadOnlyList<string> IgnoredConfig { get; init; } = [];

    /// <summary>The value of <c>tokenizer.ggml.pre</c>. By default (null) it is found by the structure of the pre-tokenizer.</summary>
    public string? Pre { get; init; }

    /// <summary>Whether the file also holds tokenizer.json as a whole. Defaults to false.</summary>
    public bool EmbedTokenizer { get; init; }

    /// <summary>Further keys, or other values of keys, that the user gives. None by default.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; init; } = [];
}
