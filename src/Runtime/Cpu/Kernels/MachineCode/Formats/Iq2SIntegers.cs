using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.IQ2_S;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 numbers in entries of eight: the lower 8 bits of entries, signs, the upper 2 bits of entries; per 16 a 4-bit scale.</summary>
internal sealed unsafe class Iq2SIntegers : SignedCodebookIntegers
{
    private static readonly int LowerOffset = Offsets.Of<IQ2_SBlock>(b => b->Entries), SignsOffset = Offsets.Of<IQ2_SBlock>(b => b->Signs);
    private static readonly int UpperOffset = Offsets.Of<IQ2_SBlock>(b => b->UpperBits), ScalesOffset = Offsets.Of<IQ2_SBlock>(b => b->GroupScales);
    private static readonly int ScaleOffset = Offsets.Of<IQ2_SBlock>(b => &b->Scale);

    private readonly HalfScales _scales = new();
    private readonly Codebook8 _codebook = new(() => (nint)CodebookTables.Iq2S);
    private Constant _groups, _upperShifts, _upperMask;

    public override TensorType Type => TensorType.IQ2_S;

    public override IntegerOrder Order => IntegerOrder.BytesOf16;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        a.vpmovzxbw(xmm8, __qword_ptr[block + UpperOffset]);
        a.vpermw(zmm8, In(a, _groups, zmm9), zmm8);
        a.vpsllvw(zmm8, zmm8, In(a, _upperShifts, zmm9));
        a.vpmovzxbw(Codebook8.Entries, __ymmword_ptr[block + LowerOffset]);
        a.vpternlogd(Codebook8.Entries, zmm8, In(a, _upperMask, zmm9), OrAnd);
        for (var part = 0; part < into.Weights.Length; part++)
        {
            _codebook.LookUpWords(a, part, into.Weights[part]);
            ApplySigns(a, __qword_ptr[block + (SignsOffset + (8 * part))], into.Weights[part]);
        }

        Transpose(a, into.Weights);
        _scales.Read(a, __qword_ptr[block + ScalesOffset], constants, into.Scales);
        ScaleBy(a, into.Scales, __word_ptr[block + ScaleOffset], zmm9);
    }

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _codebook.Begin(a);
        _scales.DeclareConstants(InMemory);
        // Four entries' upper bits in a byte, to bits 8 and 9.
        _groups = Declare(lane => Words2(lane / 2));
        _upperShifts = Declare(lane => lane % 2 == 0 ? 8 | 6 << 16 : 4 | 2 << 16);
        _upperMask = Declare(_ => Words2(0x300));
    }
}
