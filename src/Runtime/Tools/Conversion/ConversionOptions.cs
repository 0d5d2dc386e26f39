using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion;

/// <summary>What a user may ask of a conversion.</summary>
public sealed record ConversionOptions
{
    /// <summary>The type of matrices, or null for that of the checkpoint: F16 if it is F16, BF16 otherwise.</summary>
    public TensorType? Type { get; init; }

    /// <summary>Whether only keys and vocabulary are written.</summary>
    public bool VocabOnly { get; init; }

    /// <summary>The name in <c>general.name</c>, or null for that of the folder.</summary>
    public string? ModelName { get; init; }

    /// <summary>Keys of config.json that are left alone although nobody knows them.</summary>
    public IReadOnlyList<string> IgnoredConfig { get; init; } = [];

    /// <summary>The name in <c>tokenizer.ggml.pre</c>, or null to find it.</summary>
    public string? Pre { get; init; }

    /// <summary>Whether tokenizer.json is written into the file too.</summary>
    public bool EmbedTokenizer { get; init; }

    /// <summary>Further keys, or other values, that the user gives.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; init; } = [];
}
