using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Integers.Formats;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Activations of a few tokens as 16-bit integers, a scale per 256, for processors that multiply words: x = scale * integer.
/// </summary>
/// <remarks>
/// A block's memory: 256 integers, in a format's order; the sums of each 16 of them, as 16 floats, and of each 32, as 8 floats, both times the scale; the
/// scale.
/// </remarks>
internal static unsafe class Int16Activations
{
    /// <summary>Activations of a block.</summary>
    public const int BlockSize = 256;

    public const int SumsOf16Offset = 512, SumsOf32Offset = 576, ScaleOffset = 608;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 640;

    private const float Largest = 32767;

    /// <summary>Bytes from one token to the next: padded by a cache line, as equal strides would compete for the same cache sets.</summary>
    public static long Stride(int k) => ((k + BlockSize - 1L) / BlockSize * BlockBytes) + 64;

    /// <summary>Converts a token's activations. Zeros fill up the last block.</summary>
    [SkipLocalsInit]
    public static void Fill(float* x, int k, Int16Order order, byte* destination)
    {
        var padded = stackalloc float[IntegerPanels.ChunkSize];
        for (var i = 0; i < k; i += BlockSize, destination += BlockBytes)
            FillBlock(IntegerPanels.Padded(x + i, Math.Min(k - i, BlockSize), BlockSize, padded), order, destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FillBlock(float* x, Int16Order order, byte* block)
    {
        var integers = stackalloc short[BlockSize];
        // NaN and infinity pass to the scale, and thereby to the product.
        var max = Vector256<float>.Zero;
        for (var i = 0; i < BlockSize; i += 8) max = Vector256.Max(max, Vector256.Abs(Vector256.Load(x + i)));
        var largest = 0f;
        for (var i = 0; i < 8; i++) largest = MathF.Max(largest, max[i]);
        var inverse = Vector256.Create(largest > 0 ? Largest / largest : 0);
        var scale = largest / Largest;
        *(float*)(block + ScaleOffset) = scale;

        float* of16 = (float*)(block + SumsOf16Offset), of32 = (float*)(block + SumsOf32Offset);
        for (var i = 0; i < BlockSize; i += 16)
        {
            var low = Avx.ConvertToVector256Int32(Vector256.Load(x + i) * inverse);
            var high = Avx.ConvertToVector256Int32(Vector256.Load(x + i + 8) * inverse);
            Avx2.Permute4x64(Avx2.PackSignedSaturate(low, high).AsInt64(), 0b11_01_10_00).AsInt16().Store(integers + i);
            of16[i / 16] = Vector256.Sum(low + high) * scale;
        }

        for (var i = 0; i < 8; i++) of32[i] = of16[2 * i] + of16[(2 * i) + 1];
        Arrange(integers, order, (short*)block);
    }

    private static void Arrange(short* source, Int16Order order, short* target)
    {
        const int Part = 64, Half = 16;
        // From what is in the lower half of a vector to what is in its upper half, and from one such pair to the next.
        var (distance, next) = order == Int16Order.TwoGroups ? (2 * Half, Half) : (Half, 2 * Half);
        for (var part = 0; part < BlockSize; part += Part, target += Part)
        {
            for (var i = 0; i < 2; i++)
            {
                var from = source + part + (next * i);
                Vector256<short> lower = Split(Vector256.Load(from)), upper = Split(Vector256.Load(from + distance));
                Avx2.Permute2x128(lower, upper, 0x20).Store(target + (2 * Half * i));
                Avx2.Permute2x128(lower, upper, 0x31).Store(target + (2 * Half * i) + Half);
            }
        }
    }

    /// <summary>Those with even indices, then those with odd ones.</summary>
    private static Vector256<short> Split(Vector256<short> integers)
    {
        var bytes = Vector128.Create((byte)0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
        return Avx2.Permute4x64(Avx2.Shuffle(integers.AsByte(), Vector256.Create(bytes, bytes)).AsInt64(), 0b11_01_10_00).AsInt16();
    }
}
