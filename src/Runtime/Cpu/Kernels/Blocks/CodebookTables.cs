using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ArchGen.Formats.Grids;

namespace ArchGen.Cpu.Kernels.Blocks;

/// <summary>What the entries of codebooks stand for, as signed bytes that a kernel loads at once: eight of a point in 64 bits, or four in 32.</summary>
internal static unsafe class CodebookTables
{
    /// <summary>Of IQ1_S and IQ1_M, in eighths: -8, 0 or 8.</summary>
    public static readonly ulong* Iq1 = Eights(CodebookGrids.Iq1, [-8, 0, 8]);

    public static readonly ulong* Iq2Xxs = Eights(CodebookGrids.Iq2Xxs, [8, 25, 43]);

    public static readonly ulong* Iq2Xs = Eights(CodebookGrids.Iq2Xs, [8, 25, 43]);

    public static readonly ulong* Iq2S = Eights(CodebookGrids.Iq2S, [8, 25, 43]);

    public static readonly uint* Iq3Xxs = Fours(CodebookGrids.Iq3Xxs, [4, 12, 20, 28, 36, 44, 52, 62]);

    public static readonly uint* Iq3S = Fours(CodebookGrids.Iq3S, [1, 3, 5, 7, 9, 11, 13, 15]);

    /// <summary>For each byte, its four pairs of bits less 1.</summary>
    public static readonly uint* Pairs = BuildPairs();

    /// <summary>The unsigned E4M3 floats, halved, as E2M1 is stored doubled.</summary>
    public static readonly float* HalfE4M3 = BuildE4M3();

    /// <summary>Fills the tables. Kernels compiled afterwards hold their addresses as constants.</summary>
    public static void Load() => RuntimeHelpers.RunClassConstructor(typeof(CodebookTables).TypeHandle);

    /// <summary>Seven signs with the eighth, which makes their number even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint EvenSigns(uint seven) => seven | ((uint)BitOperations.PopCount(seven) & 1) << 7;

    private static ulong* Eights(CodebookGrid grid, ReadOnlySpan<sbyte> values)
    {
        var table = (ulong*)NativeMemory.AlignedAlloc((nuint)grid.Count * sizeof(ulong), 64);
        Fill(grid, values, (sbyte*)table);
        return table;
    }

    private static uint* Fours(CodebookGrid grid, ReadOnlySpan<sbyte> values)
    {
        var table = (uint*)NativeMemory.AlignedAlloc((nuint)grid.Count * sizeof(uint), 64);
        Fill(grid, values, (sbyte*)table);
        return table;
    }

    private static void Fill(CodebookGrid grid, ReadOnlySpan<sbyte> values, sbyte* table)
    {
        for (var entry = 0; entry < grid.Count; entry++)
            foreach (var digit in grid.Digits(entry)) *table++ = values[digit];
    }

    private static uint* BuildPairs()
    {
        var table = (uint*)NativeMemory.AlignedAlloc(256 * sizeof(uint), 64);
        for (var i = 0; i < 256; i++)
            for (var pair = 0; pair < 4; pair++) ((sbyte*)(table + i))[pair] = (sbyte)((i >> (2 * pair) & 3) - 1);
        return table;
    }

    private static float* BuildE4M3()
    {
        var table = (float*)NativeMemory.AlignedAlloc(256 * sizeof(float), 64);
        for (var i = 0; i < 256; i++)
        {
            int exponent = i >> 3 & 15, mantissa = i & 7;
            table[i] = i is 0 or 0x7F ? 0 : (exponent == 0 ? MathF.ScaleB(mantissa, -9) : MathF.ScaleB(1 + (mantissa / 8f), exponent - 7)) / 2;
        }

        return table;
    }
}
