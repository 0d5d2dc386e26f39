using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Eight blocks of 32 weights: a half-precision scale and 16 bytes, low nibbles first; offset <see cref="IntegerActivations.NibbleOffset"/>.</summary>
internal sealed class Q4_0DotBody : NibbleDotBody
{
    private const int BlockBytes = 18, ScaleBytes = 2;

    private static readonly AssemblerRegisterZMM[][] Quants = [[zmm18, zmm19], [zmm20, zmm21]];
    private static readonly AssemblerRegisterZMM[] Scales = [zmm23, zmm24];
    private static readonly AssemblerRegisterZMM HalfScale = zmm25, ScaleIndices = zmm26, QuantIndices = zmm29;
    private static readonly AssemblerRegisterZMM[] HalfIndices = [zmm27, zmm28];

    public override int WeightBytes => (int)TensorType.Q4_0.ByteLength(Step);

    public override void WriteStep(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++) Read(a, at.Weights[row], row);
        for (var half = 0; half < 2; half++)
        {
            Begin(a, at, IntegerActivations.BeginningsOffset + (64 * half));
            Multiply(a, half, Quants[half], at);
            for (var row = 0; row < at.Rows; row++)
            {
                a.vpermps(HalfScale, HalfIndices[half], Scales[row]);
                End(a, row, HalfScale, at);
            }
        }
    }

    // Of four blocks' quants the last 8 bytes are beyond a register's 64: the fourth block's are read again.
    private static void Read(Assembler a, AssemblerRegister64 weights, int row)
    {
        // Not yet in use.
        var blocks = Dots;
        for (var half = 0; half < 2; half++)
        {
            var (first, quants) = (weights + (4 * BlockBytes * half), Quants[half][row]);
            a.vmovdqu32(blocks[half], __zmmword_ptr[first]);
            a.vpermw(quants, QuantIndices, blocks[half]);
            a.vinserti32x4(quants, quants, __xmmword_ptr[first + ((3 * BlockBytes) + ScaleBytes)], 3);
        }

        a.vpermt2w(blocks[0], ScaleIndices, blocks[1]);
        a.vcvtph2ps(Scales[row], ymm8);
    }

    protected override void DeclareConstants()
    {
        // Three blocks' quants, and the scales of all eight, twice, of which those from the fourth on are in the second table.
        WordConstant(QuantIndices, word => ((BlockBytes * (word / 8 % 3)) + ScaleBytes) / 2 + (word % 8));
        WordConstant(ScaleIndices, word => (word % 4 * BlockBytes / 2) + (word / 4 % 2 * 32));
        for (var half = 0; half < 2; half++)
        {
            var first = 4 * half;
            Constant(HalfIndices[half], lane => first + (lane / 4));
        }
    }
}
