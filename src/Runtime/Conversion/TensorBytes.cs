using System.Buffers;
using ArchGen.Gguf;
using ArchGen.Quantization;

namespace ArchGen.Conversion;

/// <summary>Elements of a tensor as a file's type has them.</summary>
internal static class TensorBytes
{
    // Elements that are made at once: they stay in the first-level cache between reading and encoding. A multiple of all block sizes.
    private const int Step = 4096;

    /// <summary>Whether the checkpoint has the bytes that a file of this type would have.</summary>
    public static bool AreStored(Weights weights, TensorType type) => weights.Storage?.Name == type.Name;

    /// <summary>The bytes of elements: as they are stored, or else read and encoded.</summary>
    public static void Read(Weights weights, long first, int count, TensorType type, Span<byte> destination)
    {
        if (AreStored(weights, type)) weights.ReadStored(first, destination);
        else Encode(weights, first, count, type, destination);
    }

    private static void Encode(Weights weights, long first, int count, TensorType type, Span<byte> destination)
    {
        var values = ArrayPool<float>.Shared.Rent(Math.Min(count, StepOf(weights)));
        try
        {
            for (var done = 0; done < count;)
            {
                var part = values.AsSpan(0, Math.Min(count - done, StepOf(weights)));
                weights.Read(first + done, part);
                TensorEncoder.Encode(type, part, destination[(int)type.ByteLength(done)..]);
                done += part.Length;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    /// <summary>A transposition reads whole bands of columns; in small steps it would read each of them many times.</summary>
    private static int StepOf(Weights weights) => weights.Steps.Contains("transposed") ? 1 << 20 : Step;
}
