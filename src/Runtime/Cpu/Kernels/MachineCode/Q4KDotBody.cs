using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// 256 nibbles; per 32 a 6-bit scale and a 6-bit minimum. The scales are multiplied into the weights, as integers: a block's sum is one exact integer, at most
/// 16 * 15 * 63 * 2^15 in each of 16 lanes. Two rows' minima make a vector, the first row's in the lower half.
/// </summary>
internal sealed class Q4KDotBody : NibbleDotBody
{
    private const int QuantsOffset = 16;

    private static readonly AssemblerRegisterZMM[] Quants = [zmm18, zmm19], Factors = [zmm20, zmm21], ScaleWords = [zmm23, zmm24], Spread = [zmm25, zmm26];

    // What the minima contribute for each token.
    private static readonly AssemblerRegisterZMM[] Offsets = [zmm27, zmm28, zmm29, zmm30];

    // Free before the dot products begin.
    private static readonly AssemblerRegisterZMM Minima = zmm10, MinimumFactors = zmm11;

    private readonly SixBitScaleCode _scales = new();
    private readonly int[] _scaleIndices = new int[4];
    private int _minimumIndices;

    public override int WeightBytes => (int)TensorType.Q4_K.ByteLength(Step);

    public override void Begin(Assembler a, Label constants, DotOperands at)
    {
        base.Begin(a, constants, at);
        a.mov(eax, 0x00FF);
        a.kmovd(k1, eax);
        a.mov(eax, 0xFF00);
        a.kmovd(k2, eax);
    }

    public override void BeginRows(Assembler a, DotOperands at)
    {
        base.BeginRows(a, at);
        for (var t = 0; t < at.Tokens; t++) a.vpxord(Offsets[t], Offsets[t], Offsets[t]);
    }

    public override void WriteStep(Assembler a, DotOperands at)
    {
        ReadScales(a, at);
        for (var t = 0; t < at.Tokens; t++) a.vfmadd231ps(Offsets[t], Minima, __zmmword_ptr[at.X[t] + IntegerActivations.SumsOf32Offset]);
        Begin(a, at, null);
        for (var half = 0; half < 2; half++)
        {
            for (var row = 0; row < at.Rows; row++) a.vmovdqu32(Quants[row], __zmmword_ptr[at.Weights[row] + (QuantsOffset + (64 * half))]);
            Multiply(a, half, Quants, at);
        }

        for (var row = 0; row < at.Rows; row++) End(a, row, Factors[row], at);
    }

    public override void EndRows(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++)
        {
            for (var t = 0; t < at.Tokens; t++)
            {
                var total = Totals[at.IndexOf(row, t)];
                a.vsubps(row == 0 ? total.k1 : total.k2, total, Offsets[t]);
            }
        }

        base.EndRows(a, at);
    }

    protected override void BeginNibbles(Assembler a, int half, int isHigh, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++)
        {
            a.vmovdqu32(Spread[row], __zmmword_ptr[at.Constants + _scaleIndices[(2 * half) + isHigh]]);
            a.vpermw(Spread[row], Spread[row], ScaleWords[row]);
        }
    }

    protected override void Scale(Assembler a, int row, AssemblerRegisterZMM weights) => a.vpmullw(weights, weights, Spread[row]);

    // Of each row, scales as the words 0..7, and the scale of all; of both, minima as floats.
    private void ReadScales(Assembler a, DotOperands at)
    {
        const byte MinimaOfBoth = 0b11_01, SecondScale = 0b10;
        var (first, second) = (at.Weights[0], at.Weights[^1]);
        _scales.Read(a, first, second, at.Constants);
        a.vpmovzxbw(ScaleWords[0], SixBitScaleCode.Results);
        if (at.Rows > 1) a.vextracti64x4(ymm24, ScaleWords[0], 1);
        a.vpermq(SixBitScaleCode.Results, SixBitScaleCode.Results, MinimaOfBoth);
        a.vpmovzxbd(Minima, SixBitScaleCode.Result);
        a.vcvtdq2ps(Minima, Minima);
        a.vmovd(xmm9, __dword_ptr[first]);
        a.vpinsrd(xmm9, xmm9, __dword_ptr[second], 1);
        a.vcvtph2ps(xmm9, xmm9);
        a.vmovdqu32(MinimumFactors, __zmmword_ptr[at.Constants + _minimumIndices]);
        a.vpermps(MinimumFactors, MinimumFactors, zmm9);
        a.vmulps(Minima, Minima, MinimumFactors);
        a.vbroadcastss(Factors[0], xmm9);
        if (at.Rows == 1) return;
        a.vpshufd(xmm9, xmm9, SecondScale);
        a.vbroadcastss(Factors[1], xmm9);
    }

    protected override void DeclareConstants()
    {
        _scales.DeclareConstants(InMemory);
        _minimumIndices = InMemory(lane => lane < 8 ? 1 : 3);
        for (var i = 0; i < _scaleIndices.Length; i++)
        {
            var first = (4 * (i / 2)) + (i % 2);
            int Word(int word) => first + (2 * (word / 16));
            _scaleIndices[i] = InMemory(lane => Word(2 * lane) | Word((2 * lane) + 1) << 16);
        }
    }
}
