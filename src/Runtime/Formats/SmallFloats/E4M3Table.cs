using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ArchGen.Formats.SmallFloats;

/// <summary>The unsigned E4M3 floats, halved, as E2M1 is stored doubled; 0x7F, which would be no number, is 0.</summary>
internal static unsafe class E4M3Table
{
    public static readonly float* Halves = Build();

    /// <summary>Fills the table. Kernels compiled afterwards hold its address as a constant.</summary>
    public static void Load() => RuntimeHelpers.RunClassConstructor(typeof(E4M3Table).TypeHandle);

    private static float* Build()
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
