using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Blocks;

namespace ArchGen.Cpu.Integers;

/// <summary>
/// Pieces of <see cref="NibbleGroups"/> as 16-bit integers times a scale: a nibble is looked up in a table of its group, so that there is a product for each
/// of 16 levels and not for each weight.
/// </summary>
/// <remarks>
/// The length of the vector of integers is at most 65534, so that with one of <see cref="Int16Scaling"/> no sum of products leaves 32 bits. It is not
/// measured but bounded, as if all weights of a group were its largest: that is two to three times as much where weights are spread as usual, and never more
/// than six times.
/// </remarks>
internal static unsafe class NibbleIntegers
{
    // Rounding up each weight must not make the whole longer than 65534. The largest of a group of 32 is then far within 16 bits.
    private const float Longest = 65534 - 16;

    /// <summary>
    /// The scale that the integers of <see cref="IntegerPanels.Piece"/> weights have; NaN or infinity among the scales of their groups makes it so. Several
    /// pieces are measured before they are converted, so that none waits for its scale.
    /// </summary>
    /// <param name="source">The weights.</param>
    /// <param name="groups">Room for the scales and the offsets of the groups, in the unit of the integers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Measure<TFormat>(byte* source, float* groups) where TFormat : struct, IBlockFormat
    {
        NibbleGroups.Read<TFormat>(source, out var scales, out var offsets);
        var largest = NibbleGroups.Largest(scales, offsets);
        var scale = MathF.Sqrt(NibbleGroups.Size * Vector512.Sum(largest * largest)) / Longest;
        NibbleGroups.Store(scales, offsets, scale > 0 ? 1 / scale : 0, groups);
        return scale;
    }

    /// <summary>The integers of the weights, whose groups <see cref="Measure"/> wrote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Convert<TFormat>(byte* source, float* groups, short* target) where TFormat : struct, IBlockFormat
    {
        for (var group = 0; group < NibbleGroups.Count; group += 2, target += 2 * NibbleGroups.Size)
        {
            var nibbles = NibbleGroups.Nibbles<TFormat>(source, group);
            Look(groups + group, nibbles.GetLower()).Store(target);
            Look(groups + group + 1, nibbles.GetUpper()).Store(target + NibbleGroups.Size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Look(float* group, Vector256<byte> nibbles)
    {
        var table = Avx512F.ConvertToVector256Int16(NibbleGroups.Levels(group)).ToVector512Unsafe();
        return Avx512BW.PermuteVar32x16(table, Avx512BW.ConvertToVector512UInt16(nibbles).AsInt16());
    }
}
