using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>An instruction set that kernels are written for, from the narrowest to the widest.</summary>
public enum InstructionSet
{
    /// <summary>128-bit vectors of any processor: SSE on x86, AdvSimd on Arm.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors: AVX-512 F, BW, DQ and VL.</summary>
    Avx512,

    /// <summary>As <see cref="Avx512"/>, and AVX512-VNNI, which multiplies integers.</summary>
    Avx512Vnni,

    /// <summary>As <see cref="Avx512Vnni"/>, and AMX-INT8, which multiplies tiles of integers.</summary>
    Amx,
}

/// <summary>The instruction sets of this machine.</summary>
public static class InstructionSets
{
    /// <summary>Whether this machine can run kernels of <paramref name="set"/>.</summary>
    public static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Amx => AmxEmitter.IsSupported,
        InstructionSet.Avx512Vnni => IntegerTileEmitter.IsSupported,
        _ => VectorWidths.IsSupported(VectorsOf(set)),
    };

    /// <summary>The vectors of an instruction set, which tensors are decoded with.</summary>
    internal static VectorWidth VectorsOf(InstructionSet set) => set switch
    {
        InstructionSet.Portable => VectorWidth.Portable,
        InstructionSet.Avx2 => VectorWidth.Avx2,
        _ => VectorWidth.Avx512,
    };
}
