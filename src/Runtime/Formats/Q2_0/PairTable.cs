using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q2_0;

/// <summary>For each byte, its four pairs of bits less 1, as four signed bytes.</summary>
internal static unsafe class PairTable
{
    public static readonly uint* Pairs = Build();

    /// <summary>Fills the table. Kernels compiled afterwards hold its address as a constant.</summary>
    public static void Load() => RuntimeHelpers.RunClassConstructor(typeof(PairTable).TypeHandle);

    private static uint* Build()
    {
        var table = (uint*)NativeMemory.AlignedAlloc(256 * sizeof(uint), 64);
        for (var i = 0; i < 256; i++)
            for (var pair = 0; pair < 4; pair++) ((sbyte*)(table + i))[pair] = (sbyte)((i >> (2 * pair) & 3) - 1);
        return table;
    }
}
