using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Weights of 16-bit floats times 32-bit activations, or such in half precision; nothing is rounded but the sums (Intel 64 and IA-32 Architectures Software
/// Developer's Manual, volume 2, VCVTPH2PS).
/// </summary>
/// <param name="type">F16 or BF16.</param>
/// <param name="hasHalfActivations">Whether they are in half precision.</param>
internal sealed class Float16DotBody(TensorType type, bool hasHalfActivations) : DotBody
{
    private const int Lanes = 16, Vectors = FloatActivations.Step / Lanes;

    // A sum for each vector of a step, so that they are independent.
    private static readonly AssemblerRegisterZMM[] Sums =
        [zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15, zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];

    private static readonly AssemblerRegisterZMM[] Weights = [zmm24, zmm25, zmm26, zmm27], Activations = [zmm28, zmm29, zmm30, zmm31];

    public override int Step => FloatActivations.Step;

    public override int WeightBytes => Step * 2;

    public override int ActivationBytes => Step * (hasHalfActivations ? 2 : sizeof(float));

    public override void BeginRows(Assembler a, DotOperands at)
    {
        for (var i = 0; i < at.Tokens * Vectors; i++) a.vpxord(Sums[i], Sums[i], Sums[i]);
    }

    public override void WriteStep(Assembler a, DotOperands at)
    {
        for (var v = 0; v < Vectors; v++)
        {
            Widen(a, Weights[v], __ymmword_ptr[at.Weights[0] + (v * Lanes * 2)]);
            for (var t = 0; t < at.Tokens; t++)
            {
                var (x, sum) = (at.X[t] + (v * ActivationBytes / Vectors), Sums[(t * Vectors) + v]);
                if (hasHalfActivations)
                {
                    a.vcvtph2ps(Activations[t], __ymmword_ptr[x]);
                    a.vfmadd231ps(sum, Weights[v], Activations[t]);
                }
                else
                {
                    a.vfmadd231ps(sum, Weights[v], __zmmword_ptr[x]);
                }
            }
        }
    }

    public override void EndRows(Assembler a, DotOperands at)
    {
        for (var t = 0; t < at.Tokens; t++)
        {
            var sums = Sums.AsSpan(t * Vectors, Vectors);
            a.vaddps(sums[0], sums[0], sums[1]);
            a.vaddps(sums[2], sums[2], sums[3]);
            a.vaddps(Totals[t], sums[0], sums[2]);
        }
    }

    private void Widen(Assembler a, AssemblerRegisterZMM weights, AssemblerMemoryOperand source)
    {
        if (type == TensorType.F16)
        {
            a.vcvtph2ps(weights, source);
            return;
        }

        a.vpmovzxwd(weights, source);
        a.vpslld(weights, weights, 16);
    }
}
