using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Integers;

/// <summary>
/// Pieces of <see cref="NibbleGroups"/> as <see cref="SplitIntegers"/>: a nibble is looked up in two tables of its group, so that there is a product for each
/// of 16 levels and not for each weight. The scale is as if every group had the largest weight that it can have.
/// </summary>
internal static unsafe class SplitNibbles
{
    /// <summary>
    /// The scale that the integers of <see cref="AmxPanels.Piece"/> weights have; NaN or infinity among the scales of their groups makes it so. Several pieces
    /// are measured before they are converted, so that none waits for its scale.
    /// </summary>
    /// <param name="source">The weights.</param>
    /// <param name="groups">Room for the scales and the offsets of the groups, in the unit of the integers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Measure<TFormat>(byte* source, float* groups) where TFormat : struct, IBlockFormat
    {
        NibbleGroups.Read<TFormat>(source, out var scales, out var offsets);
        var most = Magnitude.Most(NibbleGroups.Largest(scales, offsets));
        NibbleGroups.Store(scales, offsets, SplitIntegers.InverseOf(most), groups);
        return most / SplitIntegers.Largest;
    }

    /// <summary>Converts the weights as <see cref="SplitIntegers.Convert"/> does floats.</summary>
    /// <param name="source">The weights.</param>
    /// <param name="groups">What <see cref="Measure"/> wrote.</param>
    /// <param name="upper">The upper bytes of the first 64.</param>
    /// <param name="lower">The lower bytes of the first 64.</param>
    /// <param name="stride">Bytes from those of 64 weights to those of the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Convert<TFormat>(byte* source, float* groups, sbyte* upper, sbyte* lower, int stride) where TFormat : struct, IBlockFormat
    {
        for (var group = 0; group < NibbleGroups.Count; group += 2, upper += stride, lower += stride)
        {
            var nibbles = NibbleGroups.Nibbles<TFormat>(source, group);
            var words = Avx512BW.PackSignedSaturate(NibbleGroups.Levels(groups + group), NibbleGroups.Levels(groups + group + 1));
            Look(SplitIntegers.Upper(words), nibbles).Store((byte*)upper);
            Look(words, nibbles).Store((byte*)lower);
        }
    }

    /// <summary>The lower bytes of the words for the nibbles of two groups. Packed, four of the first group's levels lie beside four of the second's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Look(Vector512<short> words, Vector512<byte> nibbles)
    {
        var bytes = Avx512BW.ConvertToVector256SByte(words).AsInt32().ToVector512Unsafe();
        var tables = Avx512F.PermuteVar16x32(bytes, Vector512.Create(0, 2, 4, 6, 0, 2, 4, 6, 1, 3, 5, 7, 1, 3, 5, 7));
        return Avx512BW.Shuffle(tables.AsByte(), nibbles);
    }
}
