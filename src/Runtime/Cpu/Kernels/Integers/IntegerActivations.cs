using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Integers;

/// <summary>How the integers of <see cref="IntegerActivations"/> lie in memory.</summary>
internal enum IntegerOrder
{
    /// <summary>The upper bytes, then the lower ones.</summary>
    Bytes,

    /// <summary>
    /// Words. Those that meet the first nibbles of the 16-bit words in the first 8 bytes of all blocks, where 16 bytes hold the nibbles of 32 weights; those
    /// that meet the second nibbles, and so on; then the same for the last 8 bytes.
    /// </summary>
    NibblesOf32,

    /// <summary>
    /// Words. Of each 128 those that meet the first nibble of a 16-bit word of weights, then those that meet the second, and so on, where 32 bytes hold the
    /// nibbles of 64 weights.
    /// </summary>
    NibblesOf64,

    /// <summary>Words. Of each 64 the first halves of both 32, then the second halves.</summary>
    HalvesOf32,
}

/// <summary>
/// Activations of a few tokens as 16-bit integers, each token's with a scale: x = scale * integer, so that only the rounding to 16 bits is lost (2^-16 of its
/// largest). They are cut into blocks of 256. Where bytes are multiplied, integer = 256 * upper + lower, both signed.
/// </summary>
/// <remarks>
/// A block's memory: 512 bytes of integers, see <see cref="IntegerOrder"/>; then the sums of each 16 integers, as 16 floats; 8 times zero (in the order
/// <see cref="IntegerOrder.NibblesOf64"/> the next numbers already), and the sums of each 32 integers, as 8 floats. In the order
/// <see cref="IntegerOrder.HalvesOf32"/> there are no sums; in <see cref="IntegerOrder.NibblesOf32"/> instead of them what the sums of products begin with to make
/// up for the weights' offset: in each of 16 lanes <see cref="NibbleOffset"/> times the sum of the lane's integers. The scale is behind the last block.
/// </remarks>
internal static unsafe class IntegerActivations
{
    /// <summary>Activations of a block.</summary>
    public const int BlockSize = 256;

    public const int UpperOffset = 0, LowerOffset = 256, SumsOf16Offset = 512, SumsOf32Offset = 576, BeginningsOffset = 512;

    /// <summary>What is added to a nibble to get the weight, in the order <see cref="IntegerOrder.NibblesOf32"/>.</summary>
    public const int NibbleOffset = -8;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 640;

    // 256 * 127: the upper byte, rounded, must not exceed 127.
    private const float Largest = 32512;

    /// <summary>Bytes from one token to the next: a line more than needed, as equal distances would compete for the same cache sets.</summary>
    public static long Stride(int k) => ((long)k / BlockSize * BlockBytes) + 64;

    /// <summary>Converts a token's activations; k is a multiple of <see cref="BlockSize"/>.</summary>
    public static void Fill(float* x, int k, IntegerOrder order, byte* destination)
    {
        // NaN and infinity make the scale so, and thereby the product.
        var largest = Magnitude.Most(x, k);
        var inverse = largest > 0 ? Largest / largest : 0;
        for (var i = 0; i < k; i += BlockSize, destination += BlockBytes) FillBlock(x + i, inverse, order, destination);
        *(float*)destination = largest / Largest;
    }

    /// <summary>The scale of a token's activations.</summary>
    public static float ScaleOf(byte* activations, int k) => *(float*)(activations + ((long)k / BlockSize * BlockBytes));

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FillBlock(float* x, float inverseScale, IntegerOrder order, byte* block)
    {
        var inverse = Vector512.Create(inverseScale);
        var hasSums = order is IntegerOrder.Bytes or IntegerOrder.NibblesOf64;
        for (var i = 0; i < BlockSize; i += 16)
        {
            var integers = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i) * inverse);
            if (order == IntegerOrder.Bytes)
            {
                var upper = (integers + Vector512.Create(128)) >> 8;
                Avx512F.ConvertToVector128SByte(upper).Store((sbyte*)block + UpperOffset + i);
                Avx512F.ConvertToVector128SByte(integers - (upper << 8)).Store((sbyte*)block + LowerOffset + i);
            }
            else
            {
                Avx512F.ConvertToVector256Int16(integers).Store((short*)block + i);
            }

            if (hasSums) ((float*)(block + SumsOf16Offset))[i / 16] = Vector512.Sum(integers);
        }

        switch (order)
        {
            case IntegerOrder.NibblesOf32:
                ArrangeNibblesOf32((short*)block);
                Begin((short*)block, (int*)(block + BeginningsOffset));
                break;
            case IntegerOrder.NibblesOf64: ArrangeNibblesOf64((short*)block); break;
            case IntegerOrder.HalvesOf32: ArrangeHalves((short*)block); break;
        }

        if (!hasSums) return;
        var of16 = (float*)(block + SumsOf16Offset);
        var of32 = (float*)(block + SumsOf32Offset);
        for (var i = 0; i < 8; i++)
        {
            var sum = of16[2 * i] + of16[(2 * i) + 1];
            (of32[i], of32[8 + i]) = (order == IntegerOrder.NibblesOf64 ? sum : 0, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(short* words, int* beginnings)
    {
        var sum = Vector512<int>.Zero;
        for (var i = 0; i < BlockSize; i += 32) sum += Avx512BW.MultiplyAddAdjacent(Vector512.Load(words + i), Vector512.Create((short)NibbleOffset));
        sum.Store(beginnings);
    }

    /// <summary>Brings 256 words into the order of halves of blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ArrangeHalves(short* words)
    {
        for (var end = words + BlockSize; words < end; words += 64)
        {
            Vector512<short> a = Vector512.Load(words), b = Vector512.Load(words + 32);
            Vector512.Create(a.GetLower(), b.GetLower()).Store(words);
            Vector512.Create(a.GetUpper(), b.GetUpper()).Store(words + 32);
        }
    }

    /// <summary>Brings 256 words into the order of the nibbles of 32 bytes each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ArrangeNibblesOf64(short* words)
    {
        for (var end = words + BlockSize; words < end; words += 128)
        {
            Vector512<short> a = Vector512.Load(words), b = Vector512.Load(words + 32), c = Vector512.Load(words + 64), d = Vector512.Load(words + 96);
            for (var isOdd = 0; isOdd < 2; isOdd++)
            {
                var pairs = Vector512<short>.Indices + Vector512<short>.Indices + Vector512.Create((short)isOdd);
                Avx512BW.PermuteVar32x16x2(a, pairs, c).Store(words + (64 * isOdd));
                Avx512BW.PermuteVar32x16x2(b, pairs, d).Store(words + (64 * isOdd) + 32);
            }
        }
    }

    /// <summary>Brings 256 words into the order of the nibbles of 16 bytes each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ArrangeNibblesOf32(short* words)
    {
        // Four words of a block meet a nibble of 8 bytes. Word i of group g = 4 part + nibble: 2 (4 part + i), odd for the upper two nibbles, and from the 16th on for
        // the second and the fourth.
        var lane = Vector512<short>.Indices;
        var index = ((lane & Vector512.Create((short)3)) << 1) + ((lane & Vector512.Create((short)16)) >> 1)
            + ((lane & Vector512.Create((short)4)) << 2) + ((lane & Vector512.Create((short)8)) >> 3);
        var groups = stackalloc ulong[BlockSize / 4];
        for (var block = 0; block < 8; block++) Avx512BW.PermuteVar32x16(Vector512.Load(words + (32 * block)), index).Store((short*)(groups + (8 * block)));
        for (var group = 0; group < 8; group++)
            for (var block = 0; block < 8; block++) ((ulong*)words)[(8 * group) + block] = groups[(8 * block) + group];
    }
}
