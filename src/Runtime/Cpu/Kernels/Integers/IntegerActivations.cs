using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Integers;

/// <summary>
/// Activations of a few tokens as 16-bit integers, 256 with a scale: x = scale * (256 * upper + lower), both signed bytes, so that byte products are
/// exact and only the rounding to 16 bits is lost (2^-16 of the largest of a block).
/// </summary>
/// <remarks>
/// A block's memory: 256 upper bytes; 256 lower bytes; the sums of each 16 integers, as 16 floats; the scale, 7 floats of nothing, and the sums of each
/// 32 integers, as 8 floats.
/// </remarks>
internal static unsafe class IntegerActivations
{
    /// <summary>Activations of a block.</summary>
    public const int BlockSize = 256;

    public const int UpperOffset = 0, LowerOffset = 256, SumsOf16Offset = 512, ScaleOffset = 576, SumsOf32Offset = 608;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 640;

    // 256 * 127: the upper byte, rounded, must not exceed 127.
    private const float Largest = 32512;

    /// <summary>Bytes from one token to the next: a line more than needed, as equal distances would compete for the same cache sets.</summary>
    public static long Stride(int k) => ((long)k / BlockSize * BlockBytes) + 64;

    /// <summary>Converts a token's activations; k is a multiple of <see cref="BlockSize"/>.</summary>
    public static void Fill(float* x, int k, byte* destination)
    {
        for (var i = 0; i < k; i += BlockSize, destination += BlockBytes) FillBlock(x + i, destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FillBlock(float* x, byte* block)
    {
        // NaN and infinity make the scale so, and thereby the product.
        var most = Vector512<float>.Zero;
        for (var i = 0; i < BlockSize; i += 16) most = Vector512.Max(most, Vector512.Abs(Vector512.Load(x + i)));
        var eight = Vector256.Max(most.GetLower(), most.GetUpper());
        var largest = 0f;
        for (var i = 0; i < 8; i++) largest = MathF.Max(largest, eight[i]);
        var inverse = Vector512.Create(largest > 0 ? Largest / largest : 0);
        *(float*)(block + ScaleOffset) = largest / Largest;

        for (var i = 0; i < BlockSize; i += 16)
        {
            var integers = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i) * inverse);
            var upper = (integers + Vector512.Create(128)) >> 8;
            Avx512F.ConvertToVector128SByte(upper).Store((sbyte*)block + UpperOffset + i);
            Avx512F.ConvertToVector128SByte(integers - (upper << 8)).Store((sbyte*)block + LowerOffset + i);
            ((float*)(block + SumsOf16Offset))[i / 16] = Vector512.Sum(integers);
        }

        float* of16 = (float*)(block + SumsOf16Offset), of32 = (float*)(block + SumsOf32Offset);
        for (var i = 0; i < 8; i++) of32[i] = of16[2 * i] + of16[(2 * i) + 1];
    }
}
