using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Blocks;

/// <summary>Points of codebooks with signs.</summary>
internal static unsafe class Codebook
{
    /// <summary>Hands over 16 numbers: two points of eight, each bit of <paramref name="signs"/> one number's sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eights<TSimd, TVector, TSink>(ref TSink sink, int index, ulong first, ulong second, uint signs, TVector scale)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector> =>
        TSimd.Scaled(ref sink, index, Signed(Vector128.Create(first, second).AsSByte(), signs), scale);

    /// <summary>Hands over 16 numbers: four points of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fours<TSimd, TVector, TSink>(ref TSink sink, int index, uint first, uint second, uint third, uint fourth, uint signs, TVector scale)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector> =>
        TSimd.Scaled(ref sink, index, Signed(Vector128.Create(first, second, third, fourth).AsSByte(), signs), scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Signed(Vector128<sbyte> numbers, uint signs)
    {
        var mask = Bits.Expand((ushort)signs, 0xFF);
        return (numbers ^ mask) - mask;
    }
}

/// <summary>256 numbers in points of eight: per 32 four entries of 8 bits, then four times seven signs and a 4-bit scale.</summary>
internal readonly unsafe struct Iq2XxsBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 66;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 66)
        {
            var d = Scale.Half(source);
            Memory.Prefetch(source);
            for (var group = source + 2; group < source + 66; group += 8, sink.Advance(32))
            {
                var word = *(uint*)(group + 4);
                var scale = TSimd.Broadcast(d * (0.5f + (word >> 28)) * 0.25f);
                var grid = CodebookTables.Iq2Xxs;
                Codebook.Eights<TSimd, TVector, TSink>(ref sink, 0, grid[group[0]], grid[group[1]], Signs(word), scale);
                Codebook.Eights<TSimd, TVector, TSink>(ref sink, 16, grid[group[2]], grid[group[3]], Signs(word >> 14), scale);
            }
        }
    }

    /// <summary>Twice seven signs as 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Signs(uint word) => CodebookTables.EvenSigns(word & 127) | CodebookTables.EvenSigns(word >> 7 & 127) << 8;
}

/// <summary>256 numbers in points of eight: an entry of 9 bits and seven signs each; per 16 a 4-bit scale.</summary>
internal readonly unsafe struct Iq2XsBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 74;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 74)
        {
            var d = Scale.Half(source);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                var (entries, scales) = ((nint)(source + 2 + (8 * group)), source[66 + group]);
                Half<TSimd, TVector, TSink>(ref sink, 0, (ushort*)entries, TSimd.Broadcast(d * (0.5f + (scales & 15)) * 0.25f));
                Half<TSimd, TVector, TSink>(ref sink, 16, (ushort*)entries + 2, TSimd.Broadcast(d * (0.5f + (scales >> 4)) * 0.25f));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<TSimd, TVector, TSink>(ref TSink sink, int index, ushort* entries, TVector scale)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        uint first = entries[0], second = entries[1];
        Codebook.Eights<TSimd, TVector, TSink>(
            ref sink, index, CodebookTables.Iq2Xs[first & 511], CodebookTables.Iq2Xs[second & 511],
            CodebookTables.EvenSigns(first >> 9) | CodebookTables.EvenSigns(second >> 9) << 8, scale);
    }
}

/// <summary>256 numbers in points of eight: the lower 8 bits of entries, signs, the upper 2 bits of entries; per 16 a 4-bit scale.</summary>
internal readonly unsafe struct Iq2SBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 82;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 82)
        {
            var d = Scale.Half(source);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                byte* entries = source + 2 + (4 * group), signs = source + 34 + (4 * group);
                uint upper = source[66 + group], scales = source[74 + group];
                var grid = CodebookTables.Iq2S;
                Codebook.Eights<TSimd, TVector, TSink>(
                    ref sink, 0, grid[entries[0] | (upper << 8 & 0x300)], grid[entries[1] | (upper << 6 & 0x300)], *(ushort*)signs,
                    TSimd.Broadcast(d * (0.5f + (scales & 15)) * 0.25f));
                Codebook.Eights<TSimd, TVector, TSink>(
                    ref sink, 16, grid[entries[2] | (upper << 4 & 0x300)], grid[entries[3] | (upper << 2 & 0x300)], *(ushort*)(signs + 2),
                    TSimd.Broadcast(d * (0.5f + (scales >> 4)) * 0.25f));
            }
        }
    }
}

/// <summary>256 numbers in points of four: entries of 8 bits; per 32 four times seven signs and a 4-bit scale.</summary>
internal readonly unsafe struct Iq3XxsBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 98;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 98)
        {
            var d = Scale.Half(source);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                var entries = source + 2 + (8 * group);
                var word = *(uint*)(source + 66 + (4 * group));
                var scale = TSimd.Broadcast(d * (0.5f + (word >> 28)) * 0.5f);
                var grid = CodebookTables.Iq3Xxs;
                Codebook.Fours<TSimd, TVector, TSink>(
                    ref sink, 0, grid[entries[0]], grid[entries[1]], grid[entries[2]], grid[entries[3]], Iq2XxsBlock.Signs(word), scale);
                Codebook.Fours<TSimd, TVector, TSink>(
                    ref sink, 16, grid[entries[4]], grid[entries[5]], grid[entries[6]], grid[entries[7]], Iq2XxsBlock.Signs(word >> 14), scale);
            }
        }
    }
}

/// <summary>256 numbers in points of four: the lower 8 bits of entries, their ninth bits, signs; per 32 a 4-bit scale.</summary>
internal readonly unsafe struct Iq3SBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 110;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 110)
        {
            var d = Scale.Half(source);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                byte* entries = source + 2 + (8 * group), signs = source + 74 + (4 * group);
                uint ninth = source[66 + group];
                var scale = TSimd.Broadcast(d * (1 + (2 * (source[106 + (group / 2)] >> (4 * (group % 2)) & 15))));
                Half<TSimd, TVector, TSink>(ref sink, 0, entries, ninth, *(ushort*)signs, scale);
                Half<TSimd, TVector, TSink>(ref sink, 16, entries + 4, ninth >> 4, *(ushort*)(signs + 2), scale);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<TSimd, TVector, TSink>(ref TSink sink, int index, byte* entries, uint ninth, uint signs, TVector scale)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var grid = CodebookTables.Iq3S;
        Codebook.Fours<TSimd, TVector, TSink>(
            ref sink, index, grid[entries[0] | (ninth << 8 & 256)], grid[entries[1] | (ninth << 7 & 256)], grid[entries[2] | (ninth << 6 & 256)], grid[entries[3] | (ninth << 5 & 256)],
            signs, scale);
    }
}

/// <summary>256 numbers in points of eight, -1, 0 or 1, all of 32 an eighth more or less: the lower 8 bits of entries; per 32 their upper 3 bits, a 3-bit scale, the shift.</summary>
internal readonly unsafe struct Iq1SBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 50;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 50)
        {
            var d = Scale.Half(source);
            Memory.Prefetch(source);
            for (var group = 0; group < 8; group++, sink.Advance(32))
            {
                var entries = source + 2 + (4 * group);
                uint word = *(ushort*)(source + 34 + (2 * group));
                // Numbers and shift are in eighths.
                var scale = TSimd.Broadcast(d * ((2 * (word >> 12 & 7)) + 1) / 8);
                // Not by a branch, which would be mispredicted every other time.
                var shift = Vector128.Create((sbyte)(1 - (int)(word >> 14 & 2)));
                var grid = CodebookTables.Iq1;
                TSimd.Scaled(ref sink, 0, Vector128.Create(grid[entries[0] | (word << 8 & 0x700)], grid[entries[1] | (word << 5 & 0x700)]).AsSByte() + shift, scale);
                TSimd.Scaled(ref sink, 16, Vector128.Create(grid[entries[2] | (word << 2 & 0x700)], grid[entries[3] | (word >> 1 & 0x700)]).AsSByte() + shift, scale);
            }
        }
    }
}

/// <summary>As IQ1_S, with a scale for 16 and a shift for eight; the bits of the block's half stand above the scales.</summary>
internal readonly unsafe struct Iq1MBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 56;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 56)
        {
            var words = (ushort*)(source + 48);
            var half = (ushort)(words[0] >> 12 | (words[1] >> 8 & 0xF0) | (words[2] >> 4 & 0xF00) | (words[3] & 0xF000));
            var d = Scale.Half((byte*)&half);
            Memory.Prefetch(source);
            for (var group = 0; group < 16; group++, sink.Advance(16))
            {
                uint upper = source[32 + group];
                var scale = TSimd.Broadcast(d * ((2 * (words[group / 4] >> (3 * (group % 4)) & 7)) + 1) / 8);
                var shift = Vector128.Create(Shift(upper >> 3), Shift(upper >> 7)).AsSByte();
                var points = Vector128.Create(
                    CodebookTables.Iq1[source[2 * group] | (upper << 8 & 0x700)], CodebookTables.Iq1[source[(2 * group) + 1] | (upper << 4 & 0x700)]).AsSByte();
                TSimd.Scaled(ref sink, 0, points + shift, scale);
            }
        }
    }

    // Eight times -1 where the lowest bit is set, else 1: not by a branch, which would be mispredicted every other time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Shift(uint bits) => 0x0101_0101_0101_0101ul + ((bits & 1) * 0xFEFE_FEFE_FEFE_FEFEul);
}
