using System.Runtime.Intrinsics.X86;

namespace ArchGen.Formats.Simd;

/// <summary>The vectors that a format is decoded with.</summary>
internal enum VectorWidth
{
    /// <summary>128 bits, on any processor: <see cref="Simd.Simd128"/>.</summary>
    Portable,

    /// <summary>256 bits, AVX2 and FMA: <see cref="Simd.Simd256"/>.</summary>
    Avx2,

    /// <summary>512 bits, AVX-512 F, BW, DQ and VL: <see cref="Simd.Simd512"/>.</summary>
    Avx512,
}

/// <summary>The vector widths of this processor.</summary>
internal static class VectorWidths
{
    /// <summary>The widest.</summary>
    public static VectorWidth Widest { get; } =
        IsSupported(VectorWidth.Avx512) ? VectorWidth.Avx512 : IsSupported(VectorWidth.Avx2) ? VectorWidth.Avx2 : VectorWidth.Portable;

    public static bool IsSupported(VectorWidth width) => width switch
    {
        VectorWidth.Avx512 => Avx512F.VL.IsSupported && Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && Fma.IsSupported,
        VectorWidth.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}
