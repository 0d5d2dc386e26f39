using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// 256 nibbles; per 32 a 6-bit scale and a 6-bit minimum. The scales are multiplied into the weights, as integers: a block's sum is one exact integer, at most
/// 16 * 15 * 63 * 2^15 in each of 16 lanes.
/// </summary>
internal sealed class Q4KDotBody : NibbleDotBody
{
    private const int QuantsOffset = 16;

    private static readonly AssemblerRegisterZMM Scales = zmm16, Minima = zmm17, Factors = zmm18, ScaleWords = zmm19, Low = zmm20, High = zmm21;
    private static readonly AssemblerRegisterZMM FactorIndices = zmm22;
    private static readonly AssemblerRegisterZMM[] ScaleIndices = [zmm23, zmm28, zmm29, zmm30];

    public override int WeightBytes => (int)TensorType.Q4_K.ByteLength(Step);

    public override void WriteStep(Assembler a, AssemblerRegister64 weights, AssemblerRegister64[] x, int tokens)
    {
        ReadScales(a, weights);
        for (var half = 0; half < 2; half++)
        {
            a.vmovdqu32(Weights[0], __zmmword_ptr[weights + (QuantsOffset + (64 * half))]);
            TakeApart(a);
            a.vpermw(Low, ScaleIndices[2 * half], ScaleWords);
            a.vpermw(High, ScaleIndices[(2 * half) + 1], ScaleWords);
            for (var i = 0; i < Weights.Length; i++) a.vpmullw(Weights[i], Weights[i], i % 2 == 0 ? Low : High);
            if (half == 0) Clear(a, tokens);
            Multiply(a, half, x, tokens);
        }

        for (var t = 0; t < tokens; t++)
        {
            End(a, t, tokens);
            a.vfmadd231ps(Totals[t], Dots[t], Factors);
            SubtractOffsets(a, t, x[t], Minima);
        }
    }

    // As integers, scales are the words 0..7; minima are the floats 8..15.
    private static void ReadScales(Assembler a, AssemblerRegister64 block)
    {
        SixBitScaleCode.Read(a, block);
        a.vpmovzxbw(ymm19, SixBitScaleCode.Result);
        a.vpmovzxbd(Scales, SixBitScaleCode.Result);
        a.vcvtdq2ps(Scales, Scales);
        a.vcvtph2ps(xmm17, __qword_ptr[block]);
        a.vbroadcastss(Factors, xmm17);
        a.vpermps(Minima, FactorIndices, Minima);
        a.vmulps(Minima, Scales, Minima);
    }

    protected override void DeclareConstants()
    {
        SixBitScaleCode.DeclareConstants(Constant);
        Constant(FactorIndices, _ => 1);
        for (var i = 0; i < ScaleIndices.Length; i++)
        {
            var first = (4 * (i / 2)) + (i % 2);
            WordConstant(ScaleIndices[i], word => first + (2 * (word / 16)));
        }
    }
}
