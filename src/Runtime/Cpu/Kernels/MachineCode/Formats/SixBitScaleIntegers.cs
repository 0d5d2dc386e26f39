using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// 256 nibbles, of which 32 bytes have those of one 32 in their lower and those of the next in their upper halves, perhaps fifth bits; per 32 a 6-bit scale and
/// a 6-bit minimum: Q4_K and Q5_K. The minima of two rows make a vector, the first row's in the lower half, and their contribution has separate sums.
/// </summary>
/// <param name="type">The type; the factors of scales and of minima are the first of the block.</param>
/// <param name="scalesOffset">The offset of the scales and minima in a block.</param>
/// <param name="quantsOffset">The offset of the nibbles in a block.</param>
internal sealed class SixBitScaleIntegers(TensorType type, int scalesOffset, int quantsOffset) : IntegerFormat
{
    private const int VectorBytes = 64, PartBytes = 8;

    private static readonly AssemblerRegisterZMM Minima = zmm10;
    private static readonly (AssemblerRegisterZMM First, AssemblerRegisterZMM Second)[] Quants = [(zmm8, zmm9), (zmm10, zmm11)];

    // The contribution of the minima for each token.
    private static readonly AssemblerRegisterZMM[] Offsets = [zmm21, zmm27, zmm29, zmm30];

    private readonly SixBitScaleEmitter _scales = new();
    private readonly Constant[] _quants = new Constant[4];
    private Constant _nibble, _shifts, _fifthBit, _fifthRotations, _minimumFactors;
    private int _scalesTwice, _groups;

    /// <summary>The offset of 32 bytes of fifth bits in a block, of which a byte has those of one number of each 32; null if there are none.</summary>
    public int? FifthBitsOffset { get; init; }

    public override TensorType Type => type;

    public override int MaxNumber => FifthBitsOffset is null ? 15 : 31;

    public override bool HasMinima => true;

    public override bool AreMinimaSubtracted => true;

    public override IntegerOrder Order => IntegerOrder.BytesOf32;

    protected override AssemblerRegisterZMM[] Reserved(DotOperands at) => Offsets[..at.Tokens];

    public override void BeginRows(Assembler a, DotOperands at)
    {
        foreach (var offset in Offsets[..at.Tokens]) a.vpxord(offset, offset, offset);
    }

    public override void Read(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++)
        {
            var quants = at.Weights[row] + quantsOffset;
            a.vmovdqu32(Quants[row].First, __zmmword_ptr[quants]);
            a.vmovdqu32(Quants[row].Second, __zmmword_ptr[quants + VectorBytes]);
        }

        for (var part = 0; part < _quants.Length; part++)
        {
            var indices = In(a, _quants[part], zmm12);
            for (var row = 0; row < at.Rows; row++)
            {
                a.vmovdqa32(Blocks[row].Weights[part], indices);
                a.vpermi2q(Blocks[row].Weights[part], Quants[row].First, Quants[row].Second);
            }
        }

        var (shifts, nibble) = (In(a, _shifts, zmm8), In(a, _nibble, zmm9));
        for (var row = 0; row < at.Rows; row++)
        {
            foreach (var weights in Blocks[row].Weights)
            {
                a.vpsrlvq(weights, weights, shifts);
                a.vpandd(weights, weights, nibble);
            }
        }

        if (FifthBitsOffset is { } fifths) AddFifthBits(a, at, fifths);
        ReadScales(a, at);
    }

    private void AddFifthBits(Assembler a, DotOperands at, int offset)
    {
        var (rotations, bit) = (In(a, _fifthRotations, zmm9), In(a, _fifthBit, zmm10));
        for (var row = 0; row < at.Rows; row++)
        {
            for (var part = 0; part < Blocks[row].Weights.Length; part++)
            {
                a.vpbroadcastq(zmm8, __qword_ptr[at.Weights[row] + (offset + (PartBytes * part))]);
                a.vprolvq(zmm8, zmm8, rotations);
                a.vpternlogd(Blocks[row].Weights[part], zmm8, bit, OrAnd);
            }
        }
    }

    private void ReadScales(Assembler a, DotOperands at)
    {
        const byte MinimaOfBoth = 0b11_01, SecondScale = 0b10;
        var (first, second) = (at.Weights[0], at.Weights[^1]);
        _scales.Read(a, first + scalesOffset, second + scalesOffset, at.Constants);
        // The factors of scales and of minima, of both rows.
        a.vmovd(xmm9, __dword_ptr[first]);
        a.vpinsrd(xmm9, xmm9, __dword_ptr[second], 1);
        a.vcvtph2ps(xmm9, xmm9);

        a.vpshufb(ymm11, SixBitScaleEmitter.Results, __ymmword_ptr[at.Constants + _scalesTwice]);
        for (var row = 0; row < at.Rows; row++)
        {
            var scales = Blocks[row].Scales;
            if (row == 1) a.vextracti128(xmm11, ymm11, 1);
            a.vpmovzxbd(scales, xmm11);
            a.vcvtdq2ps(scales, scales);
            if (row == 1) a.vpshufd(xmm8, xmm9, SecondScale);
            a.vbroadcastss(zmm8, row == 1 ? xmm8 : xmm9);
            a.vmulps(scales, scales, zmm8);
        }

        a.vpermq(SixBitScaleEmitter.Results, SixBitScaleEmitter.Results, MinimaOfBoth);
        a.vpmovzxbd(Minima, SixBitScaleEmitter.Result);
        a.vcvtdq2ps(Minima, Minima);
        a.vpermps(zmm9, In(a, _minimumFactors, zmm8), zmm9);
        a.vmulps(Minima, Minima, zmm9);
    }

    public override void AddMinima(Assembler a, DotOperands at, AssemblerRegisterZMM[] totals)
    {
        for (var t = 0; t < at.Tokens; t++) a.vfmadd231ps(Offsets[t], Minima, __zmmword_ptr[at.X[t] + IntegerActivations.SumsOf32Offset]);
    }

    public override void EndRows(Assembler a, DotOperands at, AssemblerRegisterZMM[] totals)
    {
        for (var row = 0; row < at.Rows; row++)
        {
            for (var t = 0; t < at.Tokens; t++)
            {
                var total = totals[at.IndexOf(row, t)];
                a.vsubps(row == 0 ? total.k1 : total.k2, total, Offsets[t]);
            }
        }
    }

    public override void PlaceMinima(Assembler a, DotOperands at)
    {
        var minima = Blocks[0].Minima;
        a.vmovdqu32(minima, __zmmword_ptr[at.Constants + _groups]);
        a.vpermd(minima, minima, Minima);
    }

    protected override void DeclareConstants(Assembler a)
    {
        Set(a, k1, 0x00FF);
        Set(a, k2, 0xFF00);
        _nibble = Declare(_ => Bytes4(0x0F));
        // 64-bit lanes belong to one group of 32 after another.
        _shifts = Declare(lane => lane % 4 == 2 ? 4 : 0);
        for (var part = 0; part < _quants.Length; part++)
        {
            var first = part;
            _quants[part] = Declare(lane => lane % 2 == 0 ? (lane / 4 * 4) + first : 0);
        }

        if (FifthBitsOffset is not null)
        {
            _fifthBit = Declare(_ => Bytes4(0x10));
            _fifthRotations = Declare(lane => lane % 2 == 0 ? (4 - (lane / 2)) & 63 : 0);
        }

        _minimumFactors = Declare(lane => lane < 8 ? 1 : 3);
        _scalesTwice = InMemory(VectorConstants.OfBytes(i => i % 16 / 2));
        _groups = InMemory(lane => lane / 2);
        _scales.DeclareConstants(InMemory);
    }
}
