using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ArchGen.Formats.Codebooks;

/// <summary>The entries of codebooks as signed bytes that a kernel loads together: eight numbers in 64 bits, or four in 32.</summary>
internal static unsafe class CodebookTables
{
    /// <summary>Of IQ1_S and IQ1_M, in eighths: -8, 0 or 8.</summary>
    public static readonly ulong* Iq1 = Eights(CodebookGrids.Iq1, [-8, 0, 8]);

    public static readonly ulong* Iq2Xxs = Eights(CodebookGrids.Iq2Xxs, [8, 25, 43]);

    public static readonly ulong* Iq2Xs = Eights(CodebookGrids.Iq2Xs, [8, 25, 43]);

    public static readonly ulong* Iq2S = Eights(CodebookGrids.Iq2S, [8, 25, 43]);

    public static readonly uint* Iq3Xxs = Fours(CodebookGrids.Iq3Xxs, [4, 12, 20, 28, 36, 44, 52, 62]);

    public static readonly uint* Iq3S = Fours(CodebookGrids.Iq3S, [1, 3, 5, 7, 9, 11, 13, 15]);

    /// <summary>Fills the tables. Kernels compiled afterwards hold their addresses as constants.</summary>
    public static void Load() => RuntimeHelpers.RunClassConstructor(typeof(CodebookTables).TypeHandle);

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
}
