using System.Runtime.InteropServices;
using ArchGen.Gguf;

namespace ArchGen.Quantization;

/// <summary>Stores numbers as a file's types have them.</summary>
public static class TensorEncoder
{
    /// <summary>The types that can be written.</summary>
    public static IReadOnlyList<TensorType> Types { get; } = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0];

    /// <summary>Stores rows.</summary>
    public static void Encode(TensorType type, ReadOnlySpan<float> source, Span<byte> destination, int columns, ReadOnlySpan<float> importance) => Encode(type, source, destination);

    /// <summary>Stores elements.</summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    /// <param name="source">The elements: whole blocks of the type.</param>
    /// <param name="destination">As many bytes as these need.</param>
    public static void Encode(TensorType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        switch (type)
        {
            case TensorType.F32:
                MemoryMarshal.AsBytes(source).CopyTo(destination);
                break;
            case TensorType.F16:
                NarrowFloats.Encode<NarrowHalf>(source, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case TensorType.BF16:
                NarrowFloats.Encode<NarrowBFloat16>(source, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case TensorType.Q8_0:
                Q8_0Encoder.Encode(source, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), $"{type.Name} cannot be written; expected one of {string.Join(", ", Types.Select(t => t.Name))}.");
        }
    }
}
