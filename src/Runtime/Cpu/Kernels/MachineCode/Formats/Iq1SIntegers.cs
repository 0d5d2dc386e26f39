using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.IQ1_S;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// 256 numbers in entries of eight, in eighths -8, 0 or 8, all of 32 one more or less: the lower 8 bits of entries; per 32 a word of their upper 3 bits, a
/// 3-bit scale s for 2 s + 1, the shift.
/// </summary>
internal sealed unsafe class Iq1SIntegers : CodebookIntegers
{
    private const int OffsetOfWeights = 9;

    private static readonly int LowerOffset = Offsets.Of<IQ1_SBlock>(b => b->Entries), WordsOffset = Offsets.Of<IQ1_SBlock>(b => b->Groups);
    private static readonly int ScaleOffset = Offsets.Of<IQ1_SBlock>(b => &b->Scale);

    private static readonly AssemblerRegisterZMM Shifts = zmm21;

    private readonly Codebook8 _codebook = new(() => (nint)CodebookTables.Iq1);
    private Constant _order, _upperShifts, _upperMask, _shiftedUp, _down;
    private int _twice, _one, _eighth;

    public override TensorType Type => TensorType.IQ1_S;

    public override int Offset => OffsetOfWeights;

    public override int MaxNumber => OffsetOfWeights;

    public override IntegerOrder Order => IntegerOrder.BytesOf32;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        // The first entries of all words, then the second, and so on.
        a.vbroadcasti32x4(zmm8, __xmmword_ptr[block + WordsOffset]);
        a.vpsrlvw(zmm9, zmm8, In(a, _upperShifts, zmm9));
        a.vpsllw(zmm9, zmm9, 8);
        a.vmovdqu32(ymm10, __ymmword_ptr[block + LowerOffset]);
        a.vpermb(zmm10, In(a, _order, zmm11), zmm10);
        a.vpmovzxbw(Codebook8.Entries, ymm10);
        a.vpternlogd(Codebook8.Entries, zmm9, In(a, _upperMask, zmm11), OrAnd);

        // Each word in 64 bits: the scale, then in each byte the shift.
        a.vpmovsxwq(zmm8, xmm8);
        a.vpsrld(zmm9, zmm8, 11);
        a.vmovsldup(zmm9, zmm9);
        a.vpandd(zmm9, zmm9, __zmmword_ptr[constants + _twice]);
        a.vpord(zmm9, zmm9, __zmmword_ptr[constants + _one]);
        a.vcvtdq2ps(into.Scales, zmm9);
        a.vmulps(into.Scales, into.Scales, __zmmword_ptr[constants + _eighth]);
        ScaleBy(a, into.Scales, __word_ptr[block + ScaleOffset], zmm9);
        a.vpsraq(Shifts, zmm8, 63);
        a.vpandd(Shifts, Shifts, In(a, _down, zmm9));
        a.vpaddb(Shifts, Shifts, In(a, _shiftedUp, zmm9));
        for (var part = 0; part < into.Weights.Length; part++)
        {
            _codebook.LookUpWords(a, part, into.Weights[part]);
            a.vpaddb(into.Weights[part], into.Weights[part], Shifts);
        }
    }

    protected override void DeclareConstants(Assembler a)
    {
        _codebook.Begin(a);
        _order = Declare(EightsOf32(distance: 4));
        _upperShifts = Declare(VectorConstants.OfWords(i => 3 * (i / 8)));
        _upperMask = Declare(_ => Words2(0x700));
        _shiftedUp = Declare(_ => Bytes4(OffsetOfWeights + 1));
        _down = Declare(_ => Bytes4(-2 & 0xFF));
        _twice = InMemory(_ => 0x0E);
        _one = InMemory(_ => 1);
        _eighth = InMemory(_ => Float(0.125f));
    }
}
