using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.IQ1_M;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>As <see cref="Iq1SIntegers"/>, with a scale for 16 and a shift for eight; the bits of the block's scale are above the group scales.</summary>
internal sealed unsafe class Iq1MIntegers : CodebookIntegers
{
    private const int OffsetOfWeights = 9, EntriesOfPart = 8;

    private static readonly int LowerOffset = Offsets.Of<IQ1_MBlock>(b => b->Entries), UpperOffset = Offsets.Of<IQ1_MBlock>(b => b->UpperBits);
    private static readonly int ScalesOffset = Offsets.Of<IQ1_MBlock>(b => b->GroupScales);

    private readonly Codebook8 _codebook = new(() => (nint)CodebookTables.Iq1);
    private Constant _bytes, _upperShifts, _upperMask, _downBit, _shiftedUp, _shiftedDown;
    private int _groups, _scaleShifts, _twice, _one, _eighth, _halfBits;

    public override TensorType Type => TensorType.IQ1_M;

    public override int Offset => OffsetOfWeights;

    public override int MaxNumber => OffsetOfWeights;

    public override IntegerOrder Order => IntegerOrder.BytesOf16;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        a.vpmovzxbw(ymm8, __xmmword_ptr[block + UpperOffset]);
        a.vpermw(zmm8, In(a, _bytes, zmm9), zmm8);
        a.vpsllvw(zmm8, zmm8, In(a, _upperShifts, zmm9));
        a.vptestmw(k3, zmm8, In(a, _downBit, zmm9));
        a.vpmovzxbw(Codebook8.Entries, __ymmword_ptr[block + LowerOffset]);
        a.vpternlogd(Codebook8.Entries, zmm8, In(a, _upperMask, zmm9), OrAnd);
        for (var part = 0; part < into.Weights.Length; part++)
        {
            _codebook.LookUpWords(a, part, into.Weights[part]);
            a.kshiftrd(k2, k3, (byte)(EntriesOfPart * part));
            a.vmovdqa32(zmm12, In(a, _shiftedUp, zmm12));
            a.vmovdqa64(zmm12.k2, In(a, _shiftedDown, zmm11));
            a.vpaddb(into.Weights[part], into.Weights[part], zmm12);
        }

        Transpose(a, into.Weights);
        ReadScales(a, block, constants, into.Scales);
    }

    private void ReadScales(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, AssemblerRegisterZMM scales)
    {
        a.vpbroadcastq(ymm8, __qword_ptr[block + ScalesOffset]);
        a.vmovdqu32(ymm9, __ymmword_ptr[constants + _groups]);
        a.vpermw(ymm8, ymm9, ymm8);
        a.vpsrlvw(ymm8, ymm8, __ymmword_ptr[constants + _scaleShifts]);
        a.vpaddw(ymm8, ymm8, ymm8);
        a.vpandd(ymm8, ymm8, __ymmword_ptr[constants + _twice]);
        a.vpord(ymm8, ymm8, __ymmword_ptr[constants + _one]);
        a.vpmovzxwd(zmm8, ymm8);
        a.vcvtdq2ps(scales, zmm8);
        a.vmulps(scales, scales, __zmmword_ptr[constants + _eighth]);
        a.mov(r14, __qword_ptr[block + ScalesOffset]);
        a.pext(r14, r14, __qword_ptr[constants + _halfBits]);
        a.vmovd(xmm9, r14d);
        a.vcvtph2ps(xmm9, xmm9);
        a.vbroadcastss(zmm9, xmm9);
        a.vmulps(scales, scales, zmm9);
    }

    protected override void DeclareConstants(Assembler a)
    {
        _codebook.Begin(a);
        _shiftedUp = Declare(_ => Bytes4(OffsetOfWeights + 1));
        _shiftedDown = Declare(_ => Bytes4(OffsetOfWeights - 1));
        // The nibbles of entries go to bits 8 to 11.
        _bytes = Declare(lane => Words2(lane));
        _upperShifts = Declare(_ => 8 | 4 << 16);
        _upperMask = Declare(_ => Words2(0x700));
        _downBit = Declare(_ => Words2(0x800));
        // A word has the scales of four groups.
        _groups = InMemory(VectorConstants.OfWords(lane => IntegerActivations.LaneOf16(lane % 16) / 4));
        _scaleShifts = InMemory(VectorConstants.OfWords(lane => 3 * (IntegerActivations.LaneOf16(lane % 16) % 4)));
        _twice = InMemory(_ => Words2(0x0E));
        _one = InMemory(_ => Words2(1));
        _eighth = InMemory(_ => Float(0.125f));
        _halfBits = InMemory(_ => unchecked((int)0xF000_F000));
    }
}
