using System.Collections.Immutable;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>A tensor of a quantized file, and what it is made of.</summary>
/// <param name="Source">The tensor of the file to quantize.</param>
/// <param name="Type">Its type in the quantized file.</param>
/// <param name="Wanted">The type that the mix or the user chose, before its width was checked.</param>
/// <param name="Role">Its role in the model.</param>
/// <param name="Importance">Weights of its columns, matrix by matrix; empty for none.</param>
public sealed record QuantizedTensor(GgufTensor Source, TensorType Type, TensorType Wanted, TensorRole Role, ImmutableArray<float> Importance)
{
    /// <summary>Its name.</summary>
    public string Name => Source.Name;

    /// <summary>Whether its bytes stay as they are.</summary>
    public bool IsCopied => Type == Source.Type;

    /// <summary>Whether another type replaces the wanted one, whose blocks do not fit the width.</summary>
    public bool IsFallback => Type != Wanted;

    /// <summary>Bytes that it will take.</summary>
    public long ByteLength => Type.ByteLength(Source.ElementCount);
}
