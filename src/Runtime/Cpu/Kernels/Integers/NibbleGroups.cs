using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Integers;

/// <summary>Pieces of 512 weights of four bits, in groups of 32: weight = scale * nibble + offset (AVX512BW).</summary>
internal static unsafe class NibbleGroups
{
    /// <summary>Weights of a group.</summary>
    public const int Size = 32;

    /// <summary>Groups of a piece.</summary>
    public const int Count = IntegerPanels.Piece / Size;

    /// <summary>Room for the scales and the offsets of a piece.</summary>
    public const int Floats = 2 * Count;

    private const int CountOfQ4K = 256 / Size;

    /// <summary>Whether weights of this format are such groups, and this processor has the instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSupported<TFormat>() where TFormat : struct, IBlockFormat => Avx512BW.IsSupported && (IsQ4_0<TFormat>() || IsQ4K<TFormat>());

    /// <summary>The scales and the offsets of a piece's groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<TFormat>(byte* source, out Vector512<float> scales, out Vector512<float> offsets) where TFormat : struct, IBlockFormat
    {
        if (IsQ4_0<TFormat>())
        {
            scales = ScalesOfQ4_0(source);
            offsets = scales * -8;
            return;
        }

        SixBitScales.Unpack(source, out var firstScales, out var firstOffsets);
        SixBitScales.Unpack(source + Q4KBlock.Bytes, out var secondScales, out var secondOffsets);
        (scales, offsets) = (Vector512.Create(firstScales, secondScales), Vector512.Create(firstOffsets, secondOffsets));
    }

    /// <summary>Stores scales and offsets, in the unit of the integers, for <see cref="Levels"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> scales, Vector512<float> offsets, float inverse, float* groups)
    {
        (scales * inverse).Store(groups);
        (offsets * inverse).Store(groups + Count);
    }

    /// <summary>The largest magnitude that a weight of each group can have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Largest(Vector512<float> scales, Vector512<float> offsets) =>
        Avx512F.Max(Vector512.Abs(offsets), Vector512.Abs(Avx512F.FusedMultiplyAdd(scales, Vector512.Create(15f), offsets)));

    /// <summary>The weights for all 16 nibbles of a group, as integers.</summary>
    /// <param name="group">Where its scale was stored.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Levels(float* group) =>
        Avx512F.ConvertToVector512Int32(Avx512F.FusedMultiplyAdd(Vector512<float>.Indices, Vector512.Create(group[0]), Vector512.Create(group[Count])));

    /// <summary>The nibbles of two groups, in the order of their weights; <paramref name="group"/> is even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Nibbles<TFormat>(byte* source, int group) where TFormat : struct, IBlockFormat
    {
        Vector512<ushort> twice, shifts;
        if (IsQ4_0<TFormat>())
        {
            // The lower nibbles of 16 bytes are the first half of a group, the upper ones the second.
            var quants = source + (group * Q4_0Block.Bytes) + 2;
            var both = Vector256.Create(Vector128.Load(quants), Vector128.Load(quants + Q4_0Block.Bytes)).ToVector512Unsafe();
            twice = Avx512F.PermuteVar8x64(both.AsInt64(), Vector512.Create(0L, 1, 0, 1, 2, 3, 2, 3)).AsUInt16();
            var halves = Vector256.Create(Vector128<ushort>.Zero, Vector128.Create((ushort)4));
            shifts = Vector512.Create(halves, halves);
        }
        else
        {
            // The lower nibbles of 32 bytes are a group, the upper ones the next.
            var quants = Vector256.Load((ushort*)(source + (group / CountOfQ4K * Q4KBlock.Bytes) + 16 + (group % CountOfQ4K * Size / 2)));
            twice = Vector512.Create(quants, quants);
            shifts = Vector512.Create(Vector256<ushort>.Zero, Vector256.Create((ushort)4));
        }

        return Avx512BW.ShiftRightLogicalVariable(twice, shifts).AsByte() & Vector512.Create((byte)15);
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
}
