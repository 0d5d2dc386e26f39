using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>A test of code that is AVX-512 alone; skipped where the processor has none.</summary>
internal sealed class Avx512FactAttribute : FactAttribute
{
    public Avx512FactAttribute([CallerFilePath] string? sourceFile = null, [CallerLineNumber] int sourceLine = -1)
        : base(sourceFile, sourceLine) => Skip = Avx512TheoryAttribute.Missing;
}

/// <summary>As <see cref="Avx512FactAttribute"/>, with data.</summary>
internal sealed class Avx512TheoryAttribute : TheoryAttribute
{
    public Avx512TheoryAttribute([CallerFilePath] string? sourceFile = null, [CallerLineNumber] int sourceLine = -1)
        : base(sourceFile, sourceLine) => Skip = Missing;

    public static string? Missing => InstructionSets.IsSupported(InstructionSet.Avx512) ? null : "This processor has no AVX-512.";
}

/// <summary>A test of code for AVX512-VNNI; skipped where there is none.</summary>
internal sealed class VnniTheoryAttribute : TheoryAttribute
{
    public VnniTheoryAttribute([CallerFilePath] string? sourceFile = null, [CallerLineNumber] int sourceLine = -1)
        : base(sourceFile, sourceLine) =>
        Skip = InstructionSets.IsSupported(InstructionSet.Avx512Vnni) ? null : "This processor has no AVX512-VNNI, or the system forbids assembled code.";
}
