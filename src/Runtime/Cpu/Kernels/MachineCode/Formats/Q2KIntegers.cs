using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Q2_K;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// 256 two-bit numbers, 128 in 32 bytes: byte i has numbers i, i + 32, i + 64 and i + 96, the lowest first; per 16 a 4-bit scale and a 4-bit minimum, in one
/// byte. Numbers are not shifted in their byte; scales are divided by the resulting factor.
/// </summary>
internal sealed unsafe class Q2KIntegers : RowFormat
{
    private static readonly int QuantsOffset = Offsets.Of<Q2_KBlock>(b => b->Quants), ScalesOffset = Offsets.Of<Q2_KBlock>(b => b->GroupScales);

    // Loads must not reach beyond the block, so the two factors are the last of four.
    private static readonly int FactorsOffset = Offsets.Of<Q2_KBlock>(b => &b->Scale) - (2 * sizeof(ushort));

    private readonly Constant[] _quants = new Constant[4];
    private Constant _fields, _nibble, _places;
    private int _order, _shifts, _inversePlaces;

    public override TensorType Type => TensorType.Q2_K;

    public override int MaxNumber => 3;

    public override bool HasMinima => true;

    public override bool AreMinimaSubtracted => true;

    public override IntegerOrder Order => IntegerOrder.BytesOf16;

    public override void Align(Assembler a, DotOperands at)
    {
        foreach (var part in Blocks[0].Weights) a.vpsrlvd(part, part, __zmmword_ptr[at.Constants + _shifts]);
        a.vmulps(Blocks[0].Scales, Blocks[0].Scales, __zmmword_ptr[at.Constants + _inversePlaces]);
    }

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        const byte OfScales = 2, OfMinima = 3;
        a.vmovdqu32(zmm9, __zmmword_ptr[block + QuantsOffset]);
        for (var part = 0; part < into.Weights.Length; part++)
        {
            var weights = into.Weights[part];
            a.vpermd(weights, In(a, _quants[part], weights), zmm9);
            a.vpandd(weights, weights, In(a, _fields, zmm8));
        }

        a.vmovdqu32(xmm8, __xmmword_ptr[block + ScalesOffset]);
        a.vpshufb(xmm8, xmm8, __xmmword_ptr[constants + _order]);
        a.vpmovzxbd(zmm8, xmm8);
        a.vpandd(into.Scales, zmm8, In(a, _nibble, zmm9));
        a.vpsrld(into.Minima, zmm8, 4);
        a.vcvtdq2ps(into.Scales, into.Scales);
        a.vcvtdq2ps(into.Minima, into.Minima);
        a.vcvtph2ps(xmm8, __qword_ptr[block + FactorsOffset]);
        a.vpshufd(xmm9, xmm8, OfScales);
        a.vpshufd(xmm10, xmm8, OfMinima);
        a.vbroadcastss(zmm9, xmm9);
        a.vbroadcastss(zmm10, xmm10);
        a.vmulps(zmm9, zmm9, In(a, _places, zmm11));
        a.vmulps(into.Scales, into.Scales, zmm9);
        a.vmulps(into.Minima, into.Minima, zmm10);
    }

    protected override void DeclareConstants(Assembler a)
    {
        // Groups of 16: of each eight, two are in the lowest bits of 32 bytes, two in the next.
        static int Shift(int lane) => IntegerActivations.LaneOf16(lane) % 8 / 2 * 2;
        _fields = Declare(lane => Bytes4(3) << Shift(lane));
        for (var part = 0; part < _quants.Length; part++)
        {
            var word = part;
            _quants[part] = Declare(lane => (IntegerActivations.LaneOf16(lane) / 8 * 8) + (IntegerActivations.LaneOf16(lane) % 2 * 4) + word);
        }

        _nibble = Declare(_ => 0x0F);
        _places = Declare(lane => Float(1f / (1 << Shift(lane))));
        _order = InMemory(LanesOf16);
        _shifts = InMemory(Shift);
        _inversePlaces = InMemory(lane => Float(1 << Shift(lane)));
    }
}
