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
/// scale; for each 64 the corrections of the lanes' sums for weights that are stored with an offset of 8, as 8 integers.
/// </remarks>
internal static unsafe class Int16Activations
{
    /// <summary>Activations of a block.</summary>
    public const int BlockSize = 256;

    public const int SumsOf16Offset = 512, SumsOf32Offset = 576, ScaleOffset = 608, LanesOffset = 640;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 768;

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
        for (var part = 0; part < BlockSize; part += 64) Arrange(integers + part, order, (short*)block + part);
        if (order == Int16Order.TwoBlocks) FillLanes((short*)block, (int*)(block + LanesOffset));
    }

    private static void Arrange(short* source, Int16Order order, short* target)
    {
        switch (order)
        {
            case Int16Order.EvenOdd:
                for (var i = 0; i < 64; i += 32) Part(source + i, target + i, 16);
                break;
            case Int16Order.TwoBlocks:
                for (var half = 0; half < 2; half++)
                {
                    Part(source + (16 * half), target + (32 * half), 16);
                    Part(source + 32 + (16 * half), target + 8 + (32 * half), 16);
                }

                break;
            default:
                new ReadOnlySpan<short>(source, 64).CopyTo(new Span<short>(target, 64));
                break;
        }

        // Elements with even indices, and at a distance those with odd ones.
        void Part(short* from, short* to, int distance)
        {
            var count = order == Int16Order.EvenOdd ? 16 : 8;
            for (var i = 0; i < count; i++) (to[i], to[i + distance]) = (from[2 * i], from[(2 * i) + 1]);
        }
    }

    private static void FillLanes(short* integers, int* lanes)
    {
        for (var part = 0; part < 4; part++, integers += 64)
        {
            for (var lane = 0; lane < 8; lane++)
            {
                var sum = 0;
                for (var v = 0; v < 4; v++) sum += integers[(16 * v) + (2 * lane)] + integers[(16 * v) + (2 * lane) + 1];
                lanes[(8 * part) + lane] = -8 * sum;
            }
        }
    }
}
