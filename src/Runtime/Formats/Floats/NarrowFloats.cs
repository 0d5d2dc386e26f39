using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Floats;

/// <summary>A 16-bit float.</summary>
internal interface INarrowFloat
{
    /// <summary>The bits of singles, as those of the 16-bit floats in the lower halves.</summary>
    static abstract Vector256<uint> Encode(Vector256<uint> bits);
}

/// <summary>Singles as 16-bit floats.</summary>
internal static class NarrowFloats
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Encode<TFloat>(ReadOnlySpan<float> source, Span<ushort> destination)
        where TFloat : struct, INarrowFloat
    {
        var count = source.Length;
        destination = destination[..count];
        var i = 0;
        for (; i <= count - (2 * Vector256<float>.Count); i += 2 * Vector256<float>.Count)
        {
            var low = TFloat.Encode(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(source), (nuint)i).AsUInt32());
            var high = TFloat.Encode(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(source), (nuint)(i + Vector256<float>.Count)).AsUInt32());
            Vector256.Narrow(low, high).StoreUnsafe(ref MemoryMarshal.GetReference(destination), (nuint)i);
        }

        for (; i < count; i++) destination[i] = (ushort)TFloat.Encode(Vector256.CreateScalar(source[i]).AsUInt32()).ToScalar();
    }
}
