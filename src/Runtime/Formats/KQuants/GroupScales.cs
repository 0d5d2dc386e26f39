using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Formats.KQuants;

/// <summary>
/// Scales of the groups within a K-quant block, as floats. Kernels read them back from memory, as a broadcast load costs no arithmetic. The memory is
/// aligned to a cache line: what is stored across two lines comes back late.
/// </summary>
[InlineArray(Length + 16)]
internal unsafe struct GroupScales
{
    /// <summary>The capacity, in floats.</summary>
    public const int Length = 32;

    private float _first;

    /// <summary>The first aligned float of <paramref name="memory"/>, which must be a local variable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Align(GroupScales* memory) => (float*)(((nuint)memory + 63) & ~(nuint)63);

    /// <summary>Stores 16 small integers times a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<sbyte> scales, float factor, float* destination) => (ToFloats(scales) * Vector512.Create(factor)).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ToFloats(Vector128<sbyte> scales)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(scales));
        var (lower, upper) = Vector128.Widen(scales);
        return Vector512.ConvertToSingle(Vector512.Create(
            Vector256.Create(Vector128.WidenLower(lower), Vector128.WidenUpper(lower)),
            Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper))));
    }
}
