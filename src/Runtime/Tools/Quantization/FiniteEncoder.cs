using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;

namespace ArchGen.Tools.Quantization;

/// <summary>Stores numbers as <see cref="TensorEncoder"/> does, and refuses those that are not finite, or not after encoding.</summary>
/// <param name="Name">The tensor, for messages.</param>
/// <param name="IfNotFinite">The advice for a number that is not finite.</param>
/// <param name="IfTooLarge">The advice for a number that is too large for the type.</param>
internal sealed record FiniteEncoder(string Name, string IfNotFinite, string IfTooLarge)
{
    // The scales of most types are halves.
    private const float LargestHalf = 65504;

    // Elements that are decoded together.
    private const int Step = 4096;

    /// <summary>Stores whole rows.</summary>
    /// <param name="type">The type.</param>
    /// <param name="values">The elements; they may be overwritten.</param>
    /// <param name="destination">The bytes of the encoded elements.</param>
    /// <param name="columns">Elements of a row; without importance, several rows may count as one.</param>
    /// <param name="importance">The importance weight of each column; empty if all are equal.</param>
    /// <exception cref="ArchGenException">A number is not finite, or not after encoding.</exception>
    public void Encode(TensorType type, Span<float> values, Span<byte> destination, int columns, ReadOnlySpan<float> importance)
    {
        var largest = LargestMagnitude(values);
        if (!float.IsFinite(largest)) throw NotFinite();
        var format = TensorFormats.Of(type);
        format.Encoder!.Encode(values, destination, columns, importance);
        if (largest <= LargestHalf) return;
        format.Decoder.Decode(destination, values);
        if (float.IsFinite(LargestMagnitude(values))) return;
        throw new ModelFileException(FormattableString.Invariant($"{Name} holds {largest}, which is too large for {type.Name}. {IfTooLarge}"));
    }

    /// <summary>Checks that bytes which are copied are finite numbers.</summary>
    /// <exception cref="ArchGenException">One is not finite.</exception>
    public void Check(TensorType type, ReadOnlySpan<byte> bytes)
    {
        var format = TensorFormats.Of(type);
        if (!format.IsDecodable) return;
        var part = (int)type.ByteLength(Step);
        var values = ArrayPool<float>.Shared.Rent(Step);
        try
        {
            for (; !bytes.IsEmpty; bytes = bytes[Math.Min(part, bytes.Length)..])
            {
                var chunk = bytes[..Math.Min(part, bytes.Length)];
                var read = values.AsSpan(0, chunk.Length / type.BytesPerBlock * type.BlockSize);
                format.Decoder.Decode(chunk, read);
                if (!float.IsFinite(LargestMagnitude(read))) throw NotFinite();
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private ModelFileException NotFinite() => new($"{Name} holds a number that is not finite. {IfNotFinite}");

    /// <summary>
    /// The largest magnitude, or NaN or infinity. As integers, the bits of a NaN are larger than those of infinity, and these than those of any number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a conversion ends before the JIT would recompile it
    private static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        var bits = MemoryMarshal.Cast<float, int>(values);
        var largest = Vector256<int>.Zero;
        var magnitude = Vector256.Create(int.MaxValue);
        var i = 0;
        for (; i <= bits.Length - Vector256<int>.Count; i += Vector256<int>.Count)
            largest = Vector256.Max(largest, Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(bits), (nuint)i) & magnitude);
        var result = 0;
        for (var lane = 0; lane < Vector256<int>.Count; lane++) result = Math.Max(result, largest[lane]);
        for (; i < bits.Length; i++) result = Math.Max(result, bits[i] & int.MaxValue);
        return BitConverter.Int32BitsToSingle(result);
    }
}
