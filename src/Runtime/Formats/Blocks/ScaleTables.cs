using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ArchGen.Formats.Blocks;

/// <summary>Scales of quantized blocks, which are stored as half-precision floats or as powers of two.</summary>
internal static unsafe class ScaleTables
{
    // .NET has no instruction for one half-precision number; a load from a table costs no arithmetic, which is what the kernels are short of.
    private static readonly float* Halves = BuildHalves();

    private static readonly float* HalfPowers = BuildHalfPowers();

    /// <summary>The half-precision number of these bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Half(ushort bits) => Halves[bits];

    /// <summary>Half of 2^(<paramref name="exponent"/> - 127), the E8M0 scale for 4-bit floats that are stored doubled (OCP MX specification 5.4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HalfPowerOfTwo(byte exponent) => HalfPowers[exponent];

    /// <summary>Fills the tables. Kernels compiled afterwards hold their addresses as constants, without a check for null.</summary>
    public static void Load() => RuntimeHelpers.RunClassConstructor(typeof(ScaleTables).TypeHandle);

    private static float* BuildHalves()
    {
        var table = (float*)NativeMemory.Alloc(1 << 16, sizeof(float));
        for (var i = 0; i < 1 << 16; i++) table[i] = (float)BitConverter.UInt16BitsToHalf((ushort)i);
        return table;
    }

    private static float* BuildHalfPowers()
    {
        var table = (float*)NativeMemory.Alloc(1 << 8, sizeof(float));
        for (var i = 0u; i < 1 << 8; i++) table[i] = BitConverter.UInt32BitsToSingle(i < 2 ? 0x00200000u << (int)i : (i - 1) << 23);
        return table;
    }
}
