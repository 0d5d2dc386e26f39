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

    private static readonly AssemblerRegisterZMM[] Quants = [zmm18, zmm19], Factors = [zmm20, zmm21], ScaleWords = [zmm23, zmm24], Spread = [zmm25, zmm26];
    private static readonly AssemblerRegisterYMM[] LowerScaleWords = [ymm23, ymm24];
    private static readonly AssemblerRegisterZMM[] ScaleIndices = [zmm27, zmm28, zmm29, zmm30];

    // Free before the dot products begin.
    private static readonly AssemblerRegisterZMM Scales = zmm8, MinimumFactor = zmm9;
    private static readonly AssemblerRegisterZMM[] Minima = [zmm10, zmm11];

    private readonly SixBitScaleCode _scales = new();

    public override int WeightBytes => (int)TensorType.Q4_K.ByteLength(Step);

    public override void WriteStep(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++) ReadScales(a, row, at);
        SubtractOffsets(a, Minima, at);
        Begin(a, at, null);
        for (var half = 0; half < 2; half++)
        {
            for (var row = 0; row < at.Rows; row++) a.vmovdqu32(Quants[row], __zmmword_ptr[at.Weights[row] + (QuantsOffset + (64 * half))]);
            Multiply(a, half, Quants, at);
        }

        for (var row = 0; row < at.Rows; row++) End(a, row, Factors[row], at);
    }

    protected override void BeginNibbles(Assembler a, int half, int isHigh, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++) a.vpermw(Spread[row], ScaleIndices[(2 * half) + isHigh], ScaleWords[row]);
    }

    protected override void Scale(Assembler a, int row, AssemblerRegisterZMM weights) => a.vpmullw(weights, weights, Spread[row]);

    // As integers, scales are the words 0..7; minima are the floats 8..15.
    private void ReadScales(Assembler a, int row, DotOperands at)
    {
        _scales.Read(a, at.Weights[row], at.Constants);
        a.vpmovzxbw(LowerScaleWords[row], SixBitScaleCode.Result);
        a.vpmovzxbd(Scales, SixBitScaleCode.Result);
        a.vcvtdq2ps(Scales, Scales);
        a.vcvtph2ps(xmm9, __qword_ptr[at.Weights[row]]);
        a.vbroadcastss(Factors[row], xmm9);
        a.vmovshdup(xmm9, xmm9);
        a.vbroadcastss(MinimumFactor, xmm9);
        a.vmulps(Minima[row], Scales, MinimumFactor);
    }

    protected override void DeclareConstants()
    {
        _scales.DeclareConstants(InMemory);
        for (var i = 0; i < ScaleIndices.Length; i++)
        {
            var first = (4 * (i / 2)) + (i % 2);
            WordConstant(ScaleIndices[i], word => first + (2 * (word / 16)));
        }
    }
}
