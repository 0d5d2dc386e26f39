using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// Eight blocks of 32 weights: a half-precision scale and 16 bytes, low nibbles first; offset <see cref="IntegerActivations.NibbleOffset"/>. The first eight bytes
/// of all blocks make a vector, and the last eight: two lanes of a sum belong to each block.
/// </summary>
internal sealed class Q4_0DotBody : NibbleDotBody
{
    private const int BlockBytes = 18, ScaleBytes = 2, PartBytes = 8;

    private static readonly AssemblerRegisterZMM[][] Quants = [[zmm18, zmm19], [zmm20, zmm21]];
    private static readonly AssemblerRegisterZMM[] Scales = [zmm23, zmm24];
    private static readonly AssemblerRegisterZMM[] QuantIndices = [zmm27, zmm28];
    private static readonly AssemblerRegisterZMM ScaleIndices = zmm29;

    public override int WeightBytes => (int)TensorType.Q4_0.ByteLength(Step);

    public override void Begin(Assembler a, Label constants, DotOperands at)
    {
        base.Begin(a, constants, at);
        a.mov(eax, 1 << 7);
        a.kmovd(k1, eax);
    }

    public override void WriteStep(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++) Read(a, at.Weights[row], row);
        Begin(a, at, IntegerActivations.BeginningsOffset);
        for (var part = 0; part < 2; part++) Multiply(a, part, Quants[part], at);
        for (var row = 0; row < at.Rows; row++) End(a, row, Scales[row], at);
    }

    // The last block's quants are beyond two registers: they are put into the last lanes.
    private static void Read(Assembler a, AssemblerRegister64 weights, int row)
    {
        // Not yet in use.
        var (first, second) = (Dots[0], Dots[1]);
        a.vmovdqu32(first, __zmmword_ptr[weights]);
        a.vmovdqu32(second, __zmmword_ptr[weights + 64]);
        for (var part = 0; part < 2; part++)
        {
            var quants = Quants[part][row];
            a.vmovdqa32(quants, first);
            a.vpermt2w(quants, QuantIndices[part], second);
            a.vpbroadcastq(quants.k1, __qword_ptr[weights + ((7 * BlockBytes) + ScaleBytes + (PartBytes * part))]);
        }

        a.vpermt2w(first, ScaleIndices, second);
        a.vcvtph2ps(Scales[row], ymm8);
    }

    protected override void DeclareConstants()
    {
        for (var part = 0; part < 2; part++)
        {
            var first = (ScaleBytes + (PartBytes * part)) / 2;
            WordConstant(QuantIndices[part], word => (word / 4 * BlockBytes / 2) + first + (word % 4));
        }

        WordConstant(ScaleIndices, word => word / 2 % 8 * BlockBytes / 2);
    }
}
