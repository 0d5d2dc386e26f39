using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.MachineCode.Formats;
using ArchGen.Formats;

namespace ArchGen.Cpu.Kernels;

/// <summary>
/// The special kernels of a format, in addition to the general ones, which every format with a decoder has (see <see
/// cref="MatMulKernel.For(TensorType)"/>). Nothing is assembled and no table is read before it is needed.
/// </summary>
internal sealed record FormatKernels
{
    /// <summary>The product for few tokens on AVX2, in 16-bit integers; null if it is in floats.</summary>
    public Func<RowProduct>? Int16Rows { get; init; }

    /// <summary>The unpacking of 256 weights to bytes in AVX-512 instructions: for tiles, and for dot products without an emitter of their own.</summary>
    public Func<IntegerFormat>? Integers { get; init; }

    /// <summary>Whether <see cref="Integers"/> has instructions of AVX512-VBMI.</summary>
    public bool NeedsVbmi { get; init; }

    /// <summary>The emitter of dot products in 512-bit instructions, if it is not that of <see cref="Integers"/>.</summary>
    public Func<DotBody>? Dots { get; init; }

    /// <summary>The layout of <see cref="IntegerActivations"/> that <see cref="Dots"/> reads; null if it reads floats.</summary>
    public IntegerLayout? DotsLayout { get; init; }

    /// <summary>The same for one token with activations in half precision, if that is faster.</summary>
    public Func<DotBody>? HalfDots { get; init; }

    /// <summary>The code of dot products in 256-bit instructions, for processors with F16C.</summary>
    public Func<DotBody>? Dots256 { get; init; }

    /// <summary>The maximum number of tokens for which dot products in 512-bit instructions are faster than tiles, measured on Zen 4.</summary>
    public int MaxTokens { get; init; } = 24;

    /// <summary><see cref="Integers"/>, if the processor has its instructions.</summary>
    public IntegerFormat? FindIntegers() => NeedsVbmi && !Avx512Vbmi.IsSupported ? null : Integers?.Invoke();

    /// <summary>Whether there is an emitter of dot products, in 512-bit or 256-bit instructions, and the processor has them.</summary>
    public bool HasDots(bool isWide) => isWide
        ? IntegerTileEmitter.IsSupported && (Dots is not null || FindIntegers() is not null)
        : Dots256 is not null && Float16DotBody256.IsPossible;

    /// <summary>The layout of activations as <see cref="IntegerActivations"/>; null if they are floats.</summary>
    public IntegerLayout? FindDotsLayout(bool isWide) => !isWide ? null : Dots is not null ? DotsLayout : FindIntegers()?.Layout;

    /// <summary>The code, where <see cref="HasDots"/> holds.</summary>
    public DotBody CreateDots(bool isWide, bool hasHalfActivations) =>
        !isWide ? Dots256!() : hasHalfActivations ? HalfDots!() : Dots is not null ? Dots() : new ByteDotBody(FindIntegers()!);
}
