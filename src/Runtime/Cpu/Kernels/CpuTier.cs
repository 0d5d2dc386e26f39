using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>An instruction set that kernels are written for, from the narrowest to the widest.</summary>
public enum CpuTier
{
    /// <summary>128-bit vectors of any processor: SSE on x86, AdvSimd on Arm.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>As <see cref="Avx2"/>: products of quantized weights in integers, activations rounded to 16 bits.</summary>
    Avx2Int16,

    /// <summary>512-bit vectors: AVX-512 F, BW, DQ and VL.</summary>
    Avx512,

    /// <summary>
    /// As <see cref="Avx512"/>, and AVX512-VNNI: products of quantized weights in integers, activations rounded to 16 bits.
    /// </summary>
    Avx512Vnni,

    /// <summary>As <see cref="Avx512Vnni"/>, and AMX-INT8: products with many tokens in tiles, weights and activations rounded to 16 bits.</summary>
    Amx,
}

/// <summary>Which instruction sets this machine has.</summary>
public static class CpuTiers
{
    /// <summary>The widest one of this machine on which weights and activations count as they are.</summary>
    public static CpuTier Exact { get; } =
        IsSupported(CpuTier.Avx512) ? CpuTier.Avx512 : IsSupported(CpuTier.Avx2) ? CpuTier.Avx2 : CpuTier.Portable;

    /// <summary>The fastest one of this machine.</summary>
    public static CpuTier Fastest =>
        IsSupported(CpuTier.Amx) ? CpuTier.Amx : IsSupported(CpuTier.Avx512Vnni) ? CpuTier.Avx512Vnni : Exact == CpuTier.Avx2 ? CpuTier.Avx2Int16 : Exact;

    /// <summary>The instruction set of the same vectors on which weights and activations count as they are.</summary>
    public static CpuTier ExactOf(CpuTier tier) => tier switch
    {
        CpuTier.Amx or CpuTier.Avx512Vnni => CpuTier.Avx512,
        CpuTier.Avx2Int16 => CpuTier.Avx2,
        _ => tier,
    };

    /// <summary>The vectors of an instruction set, which tensors are decoded with.</summary>
    internal static VectorWidth VectorsOf(CpuTier tier) => ExactOf(tier) switch
    {
        CpuTier.Avx512 => VectorWidth.Avx512,
        CpuTier.Avx2 => VectorWidth.Avx2,
        _ => VectorWidth.Portable,
    };

    /// <summary>Whether weights and activations count as they are.</summary>
    public static bool IsExact(CpuTier tier) => ExactOf(tier) == tier;

    /// <summary>Whether this machine can run kernels of <paramref name="tier"/>.</summary>
    public static bool IsSupported(CpuTier tier) => tier switch
    {
        CpuTier.Avx512 => VectorWidths.IsSupported(VectorWidth.Avx512),
        CpuTier.Amx => AmxCode.IsSupported,
        CpuTier.Avx512Vnni => IntegerTileCode.IsSupported,
        CpuTier.Avx2 or CpuTier.Avx2Int16 => VectorWidths.IsSupported(VectorWidth.Avx2),
        _ => true,
    };
}
