using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Eight blocks of 32 weights: a half-precision scale and 16 bytes, low nibbles first; offset 8.</summary>
internal sealed class Q4_0DotBody : NibbleDotBody
{
    private const int BlockBytes = 18;

    private static readonly AssemblerRegisterZMM Scales = zmm16, HalfScale = zmm17, OffsetScales = zmm18;
    private static readonly AssemblerRegisterZMM ScaleIndices = zmm25, Offset = zmm26;
    private static readonly AssemblerRegisterZMM[] HalfIndices = [zmm27, zmm28];

    public override int WeightBytes => (int)TensorType.Q4_0.ByteLength(Step);

    public override void WriteStep(Assembler a, AssemblerRegister64 weights, AssemblerRegister64[] x, int tokens)
    {
        a.vmovdqu32(Scales, __zmmword_ptr[weights]);
        a.vpermt2w(Scales, ScaleIndices, __zmmword_ptr[weights + (4 * BlockBytes)]);
        a.vcvtph2ps(Scales, ymm16);
        a.vmulps(OffsetScales, Scales, Offset);
        for (var half = 0; half < 2; half++)
        {
            ReadNibbles(a, weights + (4 * BlockBytes * half));
            TakeApart(a);
            a.vpermps(HalfScale, HalfIndices[half], Scales);
            Clear(a, tokens);
            Multiply(a, half, x, tokens);
            for (var t = 0; t < tokens; t++)
            {
                End(a, t, tokens);
                a.vfmadd231ps(Totals[t], Dots[t], HalfScale);
            }
        }

        for (var t = 0; t < tokens; t++) SubtractOffsets(a, t, x[t], OffsetScales);
    }

    // Four blocks' quants, side by side.
    private static void ReadNibbles(Assembler a, AssemblerMemoryOperand blocks)
    {
        const int Quants = 2;
        a.vmovdqu(xmm12, __xmmword_ptr[blocks + Quants]);
        a.vinserti128(ymm12, ymm12, __xmmword_ptr[blocks + (Quants + BlockBytes)], 1);
        a.vmovdqu(xmm13, __xmmword_ptr[blocks + (Quants + (2 * BlockBytes))]);
        a.vinserti128(ymm13, ymm13, __xmmword_ptr[blocks + (Quants + (3 * BlockBytes))], 1);
        a.vinserti64x4(Weights[0], Weights[0], ymm13, 1);
    }

    protected override void DeclareConstants()
    {
        // The scales of blocks 0..7, twice; those from the fourth on are in the second table.
        WordConstant(ScaleIndices, word => (word % 4 * BlockBytes / 2) + (word / 4 % 2 * 32));
        Constant(Offset, _ => BitConverter.SingleToInt32Bits(8));
        for (var half = 0; half < 2; half++)
        {
            var first = 4 * half;
            Constant(HalfIndices[half], lane => first + (lane / 4));
        }
    }
}
