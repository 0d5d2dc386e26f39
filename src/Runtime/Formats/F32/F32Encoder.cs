using System.Runtime.InteropServices;

namespace ArchGen.Formats.F32;

/// <summary>Single-precision numbers: copied.</summary>
internal static class F32Encoder
{
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance) =>
        MemoryMarshal.AsBytes(source).CopyTo(destination);
}
