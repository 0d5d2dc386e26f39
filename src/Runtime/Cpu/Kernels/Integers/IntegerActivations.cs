using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Activations of a few tokens as 16-bit integers, a scale per token: x = scale * integer, with only the error of rounding to 16 bits (2^-16 of the
/// largest). They are divided into blocks of 256. Where bytes are multiplied, integer = 256 * upper + lower, both signed.
/// </summary>
/// <remarks>
/// A block's memory: 512 bytes of integers, see <see cref="IntegerOrder"/>; then 16 sums of 16 integers each: a lane of a product and its sum have the scale in
/// common. With an offset they are integers, times minus the offset: the correction of a product. Without, they are floats, and in the order
/// <see cref="IntegerOrder.BytesOf32"/> the sums of 32 follow, 8 floats, twice. The scale is after the last block.
/// </remarks>
internal static unsafe class IntegerActivations
{
    /// <summary>Activations of a block.</summary>
    public const int BlockSize = 256;

    public const int UpperOffset = 0, LowerOffset = 256, BeginningsOffset = 512, SumsOf16Offset = 512, SumsOf32Offset = 576;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 640;

    // 256 * 127: the upper byte, rounded, must not exceed 127.
    private const float Largest = 32512;

    private const int PartBytes = 64;

    /// <summary>Bytes from one token to the next: padded by a cache line, as equal strides would compete for the same cache sets.</summary>
    public static long Stride(int k) => ScaleOffset(k) + 64;

    /// <summary>Converts a token's activations; k is a multiple of 32. Zeros fill up the last block.</summary>
    [SkipLocalsInit]
    public static void Fill(float* x, int k, IntegerLayout layout, byte* destination)
    {
        var padded = stackalloc float[IntegerPanels.ChunkSize];
        // NaN and infinity pass to the scale, and thereby to the product.
        var largest = Magnitude.Max(x, k);
        var inverse = largest > 0 ? Largest / largest : 0;
        for (var i = 0; i < k; i += BlockSize, destination += BlockBytes)
        {
            var source = IntegerPanels.Padded(x + i, Math.Min(k - i, BlockSize), BlockSize, padded);
            if (layout.Order is IntegerOrder.NibblesOf32 or IntegerOrder.WordsOf32) FillWords(source, inverse, layout, destination);
            else FillBytes(source, inverse, layout, destination);
        }

        *(float*)destination = largest / Largest;
    }

    /// <summary>The scale of a token's activations.</summary>
    public static float ScaleOf(byte* activations, int k) => *(float*)(activations + ScaleOffset(k));

    private static long ScaleOffset(int k) => (k + BlockSize - 1L) / BlockSize * BlockBytes;

    /// <summary>The lane of 16 numbers of a block in <see cref="IntegerOrder.BytesOf16"/>; the function is its own inverse.</summary>
    public static int LaneOf16(int i) => (i % 4 * 4) + (i / 4);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FillBytes(float* x, float inverseScale, IntegerLayout layout, byte* block)
    {
        var inverse = Vector512.Create(inverseScale);
        var sums = (int*)(block + SumsOf16Offset);
        for (var i = 0; i < BlockSize / 16; i++)
        {
            var integers = Avx512F.ConvertToVector512Int32(Vector512.Load(x + (16 * i)) * inverse);
            var upper = (integers + Vector512.Create(128)) >> 8;
            Place(Avx512F.ConvertToVector128SByte(upper), i, layout.Order, block + UpperOffset);
            Place(Avx512F.ConvertToVector128SByte(integers - (upper << 8)), i, layout.Order, block + LowerOffset);
            sums[layout.Order == IntegerOrder.BytesOf16 ? LaneOf16(i) : i] = Vector512.Sum(integers);
        }

        if (layout.Offset != 0)
        {
            (Vector512.Load(sums) * -layout.Offset).Store(sums);
            return;
        }

        var of16 = Vector512.ConvertToSingle(Vector512.Load(sums));
        of16.Store((float*)(block + SumsOf16Offset));
        if (layout.Order != IntegerOrder.BytesOf32) return;
        var of32 = of16 + Vector512.Shuffle(of16, Vector512<int>.Indices ^ Vector512.Create(1));
        Vector512.Shuffle(of32, (Vector512<int>.Indices & Vector512.Create(7)) << 1).Store((float*)(block + SumsOf32Offset));
    }

    /// <summary>Stores 16 bytes, those of the numbers from 16 <paramref name="i"/> on, in the order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(Vector128<sbyte> bytes, int i, IntegerOrder order, byte* parts)
    {
        switch (order)
        {
            case IntegerOrder.BytesOf16:
                parts += sizeof(int) * LaneOf16(i);
                for (var part = 0; part < 4; part++) *(int*)(parts + (PartBytes * part)) = bytes.AsInt32()[part];
                break;
            case IntegerOrder.BytesOf32:
                parts += (sizeof(long) * (i / 2)) + (2 * PartBytes * (i % 2));
                for (var part = 0; part < 2; part++) *(long*)(parts + (PartBytes * part)) = bytes.AsInt64()[part];
                break;
            default:
                bytes.Store((sbyte*)parts + (16 * i));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FillWords(float* x, float inverseScale, IntegerLayout layout, byte* block)
    {
        var inverse = Vector512.Create(inverseScale);
        var words = (short*)block;
        for (var i = 0; i < BlockSize; i += 16)
            Avx512F.ConvertToVector256Int16(Avx512F.ConvertToVector512Int32(Vector512.Load(x + i) * inverse)).Store(words + i);
        var ofNibbles = layout.Order == IntegerOrder.NibblesOf32;
        Arrange(words, ofNibbles ? NibbleIndices : WordIndices);
        var (sum, factors) = (Vector512<int>.Zero, Vector512.Create((short)-layout.Offset));
        for (var i = 0; i < BlockSize; i += ofNibbles ? 32 : 64) sum += Avx512BW.MultiplyAddAdjacent(Vector512.Load(words + i), factors);
        sum.Store((int*)(block + BeginningsOffset));
    }

    // Of 32 weights, those of word i of group g in lane 4 g + i. Group 4 part + nibble has the nibbles of words of 16 bytes: weights 2 (4 part + i), the next
    // for the upper two nibbles, and from the 16th on for the second and the fourth.
    private static Vector512<short> NibbleIndices => (Bits(0b11) << 1) + (Bits(16) >> 1) + (Bits(4) << 2) + (Bits(8) >> 3);

    // Group 2 part + odd has bytes of 8 words: weights 2 i, and the next; the parts are the first, the third, the second and the fourth.
    private static Vector512<short> WordIndices => (Bits(0b11) << 1) + (Bits(4) >> 2) + (Bits(8) << 1) + (Bits(16) >> 1);

    /// <summary>These bits of each lane's number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Bits(short mask) => Vector512<short>.Indices & Vector512.Create(mask);

    /// <summary>Permutes 256 words: the groups of four of each 32 by the indices, then the first groups of all, the second ones, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Arrange(short* words, Vector512<short> indices)
    {
        var groups = stackalloc ulong[BlockSize / 4];
        for (var block = 0; block < 8; block++) Avx512BW.PermuteVar32x16(Vector512.Load(words + (32 * block)), indices).Store((short*)(groups + (8 * block)));
        for (var group = 0; group < 8; group++)
            for (var block = 0; block < 8; block++) ((ulong*)words)[(8 * group) + block] = groups[(8 * block) + group];
    }
}
