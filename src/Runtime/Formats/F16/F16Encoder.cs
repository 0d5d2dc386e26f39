using System.Runtime.InteropServices;
using ArchGen.Formats.Floats;

namespace ArchGen.Formats.F16;

/// <summary>Half-precision numbers, to nearest even.</summary>
internal static class F16Encoder
{
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance) =>
        NarrowFloats.Encode<NarrowHalf>(source, MemoryMarshal.Cast<byte, ushort>(destination));
}
