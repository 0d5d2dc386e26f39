using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Floats;

/// <summary>IEEE singles to halves, to nearest even; beyond the largest half they become infinite.</summary>
internal readonly struct NarrowHalf : INarrowFloat
{
    // 65520 is halfway between the largest half and the power of two after it.
    private const uint Overflow = 0x477FF000, MinNormal = 113u << 23, Infinity = 255u << 23;

    // Adding this float moves the bits of a subnormal half to the end of the mantissa, rounded by the adder.
    private const uint SubnormalMagic = (127 - 15 + 23 - 10 + 1) << 23;

    // Rebases the exponent and rounds up from half of what is cut off; the odd bit makes it to even.
    private const uint Rebase = unchecked(((uint)(15 - 127) << 23) + 0xFFF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Encode(Vector256<uint> bits)
    {
        var sign = bits & Vector256.Create(0x80000000);
        var magnitude = bits ^ sign;
        var normal = (magnitude + Vector256.Create(Rebase) + ((magnitude >> 13) & Vector256.Create(1u))) >> 13;
        var magic = Vector256.Create(SubnormalMagic);
        var subnormal = (magnitude.AsSingle() + magic.AsSingle()).AsUInt32() - magic;
        var special = Vector256.ConditionalSelect(
            Vector256.GreaterThan(magnitude, Vector256.Create(Infinity)), Vector256.Create(0x7E00u), Vector256.Create(0x7C00u));
        var result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(MinNormal)), subnormal, normal);
        result = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(Overflow)), special, result);
        return result | (sign >> 16);
    }
}
