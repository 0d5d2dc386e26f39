using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>The target that kernels are chosen for.</summary>
/// <param name="InstructionSet">The instructions.</param>
/// <param name="Precision">The precision of weights and activations.</param>
public readonly record struct CpuTarget(InstructionSet InstructionSet, Precision Precision)
{
    /// <summary>All targets with kernels, on any machine, from the slowest to the fastest.</summary>
    public static IReadOnlyList<CpuTarget> All { get; } =
    [
        new(InstructionSet.Portable, Precision.Exact),
        new(InstructionSet.Avx2, Precision.Exact),
        new(InstructionSet.Avx2, Precision.Int16),
        new(InstructionSet.Avx512, Precision.Exact),
        new(InstructionSet.Avx512Vnni, Precision.Int16),
        new(InstructionSet.Amx, Precision.Int16),
    ];

    /// <summary>The widest one of this machine with exact weights and activations.</summary>
    public static CpuTarget Exact { get; } = All.Last(target => target.IsExact && target.IsSupported);

    /// <summary>The fastest one of this machine.</summary>
    public static CpuTarget Fastest => FastestOf.Value;

    /// <summary>Whether weights and activations are exact.</summary>
    public bool IsExact => Precision == Precision.Exact;

    /// <summary>Whether there are kernels for it, and this machine can run them.</summary>
    public bool IsSupported => All.Contains(this) && InstructionSets.IsSupported(InstructionSet);

    // AMX tiles are requested from the system when this is first read.
    private static readonly Lazy<CpuTarget> FastestOf = new(static () => All.Last(target => target.IsSupported));

    /// <summary>The vectors of its instruction set, which tensors are decoded with.</summary>
    internal VectorWidth Vectors => InstructionSets.VectorsOf(InstructionSet);

    /// <summary>The target of the same vectors with exact weights and activations.</summary>
    public CpuTarget ToExact() => new((InstructionSet)Math.Min((int)InstructionSet, (int)InstructionSet.Avx512), Precision.Exact);

    /// <inheritdoc/>
    public override string ToString() => IsExact ? $"{InstructionSet}" : $"{InstructionSet} with activations of 16 bits";
}
