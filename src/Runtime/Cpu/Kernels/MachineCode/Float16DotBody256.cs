using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>As <see cref="Float16DotBody"/>, on processors with F16C and FMA.</summary>
/// <param name="type">F16 or BF16.</param>
internal sealed class Float16DotBody256(TensorType type) : DotBody
{
    private const int Lanes = 8, Vectors = FloatActivations.Step / Lanes;

    // Two for each token, however many there are: the order of a token's sum is the same.
    private const int SumsOfToken = 2;

    private static readonly AssemblerRegisterYMM[] Sums = [ymm8, ymm9, ymm10, ymm11, ymm12, ymm13, ymm14, ymm15];

    private static readonly AssemblerRegisterYMM[] Weights = [ymm0, ymm1, ymm2, ymm3];

    /// <summary>Whether the processor has these instructions and the system allows assembled code.</summary>
    public static bool IsPossible { get; } = HasInstructions() && ExecutableMemory.IsAllowed;

    public override bool IsVex => true;

    public override int Step => FloatActivations.Step;

    public override int WeightBytes => Step * 2;

    public override int ActivationBytes => Step * sizeof(float);

    public override void BeginRows(Assembler a, DotOperands at)
    {
        foreach (var sum in Sums) a.vxorps(sum, sum, sum);
    }

    public override void WriteStep(Assembler a, DotOperands at)
    {
        for (var v = 0; v < Vectors; v++)
        {
            var weight = Weights[v % Weights.Length];
            var source = __xmmword_ptr[at.Weights[0] + (v * Lanes * 2)];
            if (type == TensorType.F16)
            {
                a.vcvtph2ps(weight, source);
            }
            else
            {
                a.vpmovzxwd(weight, source);
                a.vpslld(weight, weight, 16);
            }

            for (var t = 0; t < at.Tokens; t++)
            {
                var sum = Sums[(t * SumsOfToken) + (v % SumsOfToken)];
                a.vfmadd231ps(sum, weight, __ymmword_ptr[at.X[t] + (v * Lanes * sizeof(float))]);
            }
        }
    }

    public override void EndRows(Assembler a, DotOperands at)
    {
        for (var t = 0; t < at.Tokens; t++) a.vaddps(Results[t], Sums[t * SumsOfToken], Sums[(t * SumsOfToken) + 1]);
    }

    private static bool HasInstructions()
    {
        const int F16C = 1 << 29;
        return X86Base.IsSupported && Avx2.IsSupported && Fma.IsSupported && (X86Base.CpuId(1, 0).Ecx & F16C) != 0;
    }
}
