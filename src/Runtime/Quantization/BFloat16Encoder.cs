using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Quantization;

/// <summary>IEEE singles to their upper halves, to nearest even; a NaN stays one.</summary>
internal static class BFloat16Encoder
{
    private const uint Infinity = 255u << 23;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Encode(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        var count = source.Length;
        destination = destination[..count];
        var i = 0;
        for (; i <= count - (2 * Vector256<float>.Count); i += 2 * Vector256<float>.Count)
        {
            var low = Encode(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(source), (nuint)i).AsUInt32());
            var high = Encode(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(source), (nuint)(i + Vector256<float>.Count)).AsUInt32());
            Vector256.Narrow(low, high).StoreUnsafe(ref MemoryMarshal.GetReference(destination), (nuint)i);
        }

        for (; i < count; i++) destination[i] = (ushort)Encode(Vector256.CreateScalar(source[i]).AsUInt32()).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Encode(Vector256<uint> bits)
    {
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        var quiet = (bits >> 16) | Vector256.Create(64u);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(bits & Vector256.Create(0x7FFFFFFFu), Vector256.Create(Infinity)), quiet, rounded);
    }
}
