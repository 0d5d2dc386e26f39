using System.Runtime.CompilerServices;

namespace ArchGen.Cpu.Blocks;

/// <summary>Scales of quantized blocks, which are stored as half-precision floats or as powers of two.</summary>
internal static unsafe class Scale
{
    /// <summary>The half-precision number at <paramref name="source"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Half(byte* source)
    {
        uint bits = *(ushort*)source;
        var magnitude = bits & 0x7FFF;
        // A normal number needs its exponent rebased; what is left (zero, subnormal, infinite, NaN) is rare.
        if (magnitude - 0x400 >= 0x7800) return Rare(bits);
        return BitConverter.UInt32BitsToSingle(((bits & 0x8000) << 16) | ((magnitude << 13) + (112u << 23)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Rare(uint bits) => (float)BitConverter.UInt16BitsToHalf((ushort)bits);

    /// <summary>Half of 2^(<paramref name="exponent"/> - 127), the E8M0 scale for 4-bit floats that are stored doubled (OCP MX specification 5.4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HalfPowerOfTwo(byte exponent) =>
        BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x00200000u << exponent : (uint)(exponent - 1) << 23);
}
