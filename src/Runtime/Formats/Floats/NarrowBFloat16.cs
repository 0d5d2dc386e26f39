using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Floats;

/// <summary>IEEE singles to their upper halves, to nearest even; a NaN stays one.</summary>
internal readonly struct NarrowBFloat16 : INarrowFloat
{
    private const uint Infinity = 255u << 23;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Encode(Vector256<uint> bits)
    {
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        var quiet = (bits >> 16) | Vector256.Create(64u);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(bits & Vector256.Create(0x7FFFFFFFu), Vector256.Create(Infinity)), quiet, rounded);
    }
}
