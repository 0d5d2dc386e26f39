using System.Buffers;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization;

namespace ArchGen.Tools.Conversion;

/// <summary>The bytes of a tensor's elements in the type of a file.</summary>
internal static class TensorBytes
{
    // Elements that are read and then encoded together: they stay in the first-level cache meanwhile. A multiple of all block sizes.
    private const int Step = 4096;

    /// <summary>Whether the checkpoint has the bytes that a file of this type would have.</summary>
    public static bool AreStored(Weights weights, TensorType type) => weights.Storage?.Name == type.Name;

    /// <summary>The bytes of elements: as they are stored, or else read and encoded.</summary>
    /// <exception cref="ArchGenException">A number is not finite, or too large for the type.</exception>
    public static void Read(ConvertedTensor tensor, long first, int count, TensorType type, Span<byte> destination)
    {
        if (!AreStored(tensor.Weights, type))
        {
            Encode(tensor, first, count, type, destination);
            return;
        }

        tensor.Weights.ReadStored(first, destination);
        Encoder(tensor).Check(type, destination);
    }

    /// <summary>The encoder of a tensor's numbers, with the messages for those that the type cannot store.</summary>
    public static FiniteEncoder Encoder(ConvertedTensor tensor) => new(
        $"{tensor.Name} ({ConversionTable.Origin(tensor)})", "The checkpoint is damaged: download it again.",
        "Choose a type with a wider range: --outtype bf16.");

    private static void Encode(ConvertedTensor tensor, long first, int count, TensorType type, Span<byte> destination)
    {
        var (weights, encoder) = (tensor.Weights, Encoder(tensor));
        var values = ArrayPool<float>.Shared.Rent(Math.Min(count, StepOf(weights)));
        try
        {
            for (var done = 0; done < count;)
            {
                var part = values.AsSpan(0, Math.Min(count - done, StepOf(weights)));
                weights.Read(first + done, part);
                encoder.Encode(type, part, destination[(int)type.ByteLength(done)..], part.Length, default);
                done += part.Length;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    /// <summary>The elements of a step: many for a transposed matrix, whose reads take whole bands of columns, each once only in large steps.</summary>
    private static int StepOf(Weights weights) => weights.Steps.Contains("transposed") ? 1 << 20 : Step;
}
