using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>The choices of a quantization beside the file type. The defaults give what llama-quantize writes.</summary>
public sealed record QuantizationOptions
{
    /// <summary>The importance matrix, or null. Some types below 3 bits per weight need one. Null by default.</summary>
    public ImportanceMatrix? Importance { get; init; }

    /// <summary>The path that <see cref="Importance"/> was read from, for the file's metadata. Empty by default.</summary>
    public string ImportancePath { get; init; } = "";

    /// <summary>Types for tensors whose names a regular expression matches; the first match counts. None by default.</summary>
    public IReadOnlyList<TensorTypeRule> TensorTypes { get; init; } = [];

    /// <summary>The type of the output matrix. By default (null) the mix decides.</summary>
    public TensorType? OutputType { get; init; }

    /// <summary>The type of the token embedding. By default (null) the mix decides.</summary>
    public TensorType? TokenEmbeddingType { get; init; }

    /// <summary>Whether every matrix gets the file type's usual type instead of a mix. Defaults to false.</summary>
    public bool Pure { get; init; }

    /// <summary>Whether the output matrix keeps its type. Defaults to false.</summary>
    public bool LeaveOutput { get; init; }

    /// <summary>Whether quantized tensors may be quantized again. Defaults to false: that loses more than quantizing once.</summary>
    public bool AllowRequantize { get; init; }

    /// <summary>Keys to set in the file's metadata. None by default.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; init; } = [];
}
