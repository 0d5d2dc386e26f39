using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Integers;

/// <summary>
/// Pieces of rows of 4-bit weights as 16-bit integers times a scale: a nibble is looked up in a table of its group of 32, so that there is a product for each
/// of 16 levels and not for each weight (AVX512BW).
/// </summary>
/// <remarks>
/// The length of the vector of integers is at most 65534, so that with one of <see cref="Int16Scaling"/> no sum of products leaves 32 bits. It is not
/// measured but bounded, as if all weights of a group were its largest: that is two to three times as much where weights are spread as usual, and never more
/// than six times.
/// </remarks>
internal static unsafe class NibbleIntegers
{
    /// <summary>Room for the scales and the offsets of the groups.</summary>
    public const int GroupFloats = 2 * Groups;

    // Rounding up each weight must not make the whole longer than 65534. The largest of a group of 32 is then far within 16 bits.
    private const float Longest = 65534 - 16;

    private const int GroupSize = 32, Groups = IntegerPanels.Piece / GroupSize, GroupsOfQ4K = 256 / GroupSize;

    private static Vector512<float> Levels => Vector512<float>.Indices;

    /// <summary>Whether there is a way for weights of this format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSupported<TFormat>() where TFormat : struct, IBlockFormat => Avx512BW.IsSupported && (IsQ4_0<TFormat>() || IsQ4K<TFormat>());

    /// <summary>
    /// The scale that the integers of <see cref="IntegerPanels.Piece"/> weights have; NaN or infinity among the scales of their groups makes it so. Several
    /// pieces are measured before they are converted, so that none waits for its scale.
    /// </summary>
    /// <param name="source">The weights.</param>
    /// <param name="groups">The scales of their groups, then the offsets.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Measure<TFormat>(byte* source, float* groups) where TFormat : struct, IBlockFormat
    {
        Vector512<float> scales, offsets;
        if (IsQ4_0<TFormat>())
        {
            scales = ScalesOfQ4_0(source);
            offsets = scales * -8;
        }
        else
        {
            SixBitScales.Unpack(source, out var firstScales, out var firstOffsets);
            SixBitScales.Unpack(source + Q4KBlock.Bytes, out var secondScales, out var secondOffsets);
            (scales, offsets) = (Vector512.Create(firstScales, secondScales), Vector512.Create(firstOffsets, secondOffsets));
        }

        scales.Store(groups);
        offsets.Store(groups + Groups);
        var last = Avx512F.FusedMultiplyAdd(scales, Vector512.Create(15f), offsets);
        return MathF.Sqrt(GroupSize * Vector512.Sum(Avx512F.Max(offsets * offsets, last * last))) / Longest;
    }

    /// <summary>The integers of the weights, whose scale is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Convert<TFormat>(byte* source, float* groups, float scale, short* target) where TFormat : struct, IBlockFormat
    {
        var inverse = Vector512.Create(scale > 0 ? 1 / scale : 0);
        (Vector512.Load(groups) * inverse).Store(groups);
        (Vector512.Load(groups + Groups) * inverse).Store(groups + Groups);
        if (IsQ4_0<TFormat>()) ConvertQ4_0(source, groups, target);
        else ConvertQ4K(source, groups, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsQ4_0<TFormat>() => typeof(TFormat) == typeof(BlocksOf32<Q4_0Block>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsQ4K<TFormat>() => typeof(TFormat) == typeof(Q4KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ScalesOfQ4_0(byte* source)
    {
        // Those of eight blocks, in words of two vectors.
        var words = Vector512.Create((short)0, 9, 18, 27, 32, 41, 50, 59, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        const int Far = 4 * 18;
        var first = Avx512BW.PermuteVar32x16x2(Vector512.Load((short*)source), words, Vector512.Load((short*)(source + Far)));
        var second = Avx512BW.PermuteVar32x16x2(Vector512.Load((short*)(source + (2 * Far))), words, Vector512.Load((short*)(source + (3 * Far))));
        return Simd512.FromHalves(Vector256.Create(first.GetLower().GetLower(), second.GetLower().GetLower()));
    }

    // The lower nibbles of 16 bytes are the first 16 of a group, the upper ones the others.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ConvertQ4_0(byte* source, float* groups, short* target)
    {
        const int Quants = 2;
        var shifts = Vector512.Create(Vector256<ushort>.Zero, Vector256.Create((ushort)4));
        for (var group = 0; group < Groups; group++, source += Q4_0Block.Bytes, target += GroupSize)
        {
            var quants = Vector128.Load(source + Quants);
            var words = Avx512BW.ShiftRightLogicalVariable(Avx512BW.ConvertToVector512UInt16(Vector256.Create(quants, quants)), shifts);
            Look(Table(groups + group), words).Store(target);
        }
    }

    // The lower nibbles of 32 bytes are a group, the upper ones the next.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ConvertQ4K(byte* source, float* groups, short* target)
    {
        const int Quants = 16;
        for (var group = 0; group < Groups; group += 2, target += 2 * GroupSize)
        {
            var words = Avx512BW.ConvertToVector512UInt16(
                Vector256.Load(source + (group / GroupsOfQ4K * Q4KBlock.Bytes) + Quants + (group % GroupsOfQ4K * GroupSize / 2)));
            Look(Table(groups + group), words).Store(target);
            Look(Table(groups + group + 1), words >>> 4).Store(target + GroupSize);
        }
    }

    /// <summary>The 16 integers of a group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Table(float* group)
    {
        var levels = Avx512F.FusedMultiplyAdd(Levels, Vector512.Create(group[0]), Vector512.Create(group[Groups]));
        return Avx512F.ConvertToVector256Int16(Avx512F.ConvertToVector512Int32(levels)).ToVector512Unsafe();
    }

    /// <summary>The table's integers for the lower nibbles of words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Look(Vector512<short> table, Vector512<ushort> words) =>
        Avx512BW.PermuteVar32x16(table, (words & Vector512.Create((ushort)15)).AsInt16());
}
