using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>What is asked of a quantization beside the file type.</summary>
public sealed record QuantizationOptions
{
    /// <summary>How much each input of each matrix matters, or null.</summary>
    public ImportanceMatrix? Importance { get; init; }

    /// <summary>Where <see cref="Importance"/> was read from, for the file's metadata.</summary>
    public string ImportancePath { get; init; } = "";

    /// <summary>Types for tensors whose names a regular expression matches; the first that does counts.</summary>
    public IReadOnlyList<TensorTypeRule> TensorTypes { get; init; } = [];

    /// <summary>The type of the output, whatever the mix says.</summary>
    public TensorType? OutputType { get; init; }

    /// <summary>The type of the token embedding, whatever the mix says.</summary>
    public TensorType? TokenEmbeddingType { get; init; }

    /// <summary>Whether every matrix has the file type's usual type.</summary>
    public bool Pure { get; init; }

    /// <summary>Whether the output stays as it is.</summary>
    public bool LeaveOutput { get; init; }

    /// <summary>Whether tensors that are quantized already may be quantized again, which loses more than quantizing once.</summary>
    public bool AllowRequantize { get; init; }

    /// <summary>Keys to set in the file's metadata.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; init; } = [];
}
