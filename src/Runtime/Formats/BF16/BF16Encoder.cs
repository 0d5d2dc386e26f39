using System.Runtime.InteropServices;
using ArchGen.Formats.Floats;

namespace ArchGen.Formats.BF16;

/// <summary>Brain floats, to nearest even.</summary>
internal static class BF16Encoder
{
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance) =>
        NarrowFloats.Encode<NarrowBFloat16>(source, MemoryMarshal.Cast<byte, ushort>(destination));
}
