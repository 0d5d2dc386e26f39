using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.IQ2_XS;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 numbers in entries of eight: an entry of 9 bits and seven signs each; per 16 a 4-bit scale.</summary>
internal sealed unsafe class Iq2XsIntegers : SignedCodebookIntegers
{
    private const int EntryBits = 9;

    private static readonly int EntriesOffset = Offsets.Of<IQ2_XSBlock>(b => b->Entries), ScalesOffset = Offsets.Of<IQ2_XSBlock>(b => b->GroupScales);
    private static readonly int ScaleOffset = Offsets.Of<IQ2_XSBlock>(b => &b->Scale);

    private readonly HalfScales _scales = new();
    private readonly Codebook8 _codebook = new(() => (nint)CodebookTables.Iq2Xs);
    private Constant _entryMask;

    public override TensorType Type => TensorType.IQ2_XS;

    public override IntegerOrder Order => IntegerOrder.BytesOf16;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        a.vmovdqu32(zmm8, __zmmword_ptr[block + EntriesOffset]);
        a.vpandd(Codebook8.Entries, zmm8, In(a, _entryMask, zmm9));
        a.vpsrlw(zmm8, zmm8, EntryBits);
        a.vpmovwb(ymm8, zmm8);
        CompleteSigns(a, zmm8);
        a.vmovdqa32(Signs, zmm8);
        for (var part = 0; part < into.Weights.Length; part++)
        {
            _codebook.LookUpWords(a, part, into.Weights[part]);
            ApplySigns(a, part, into.Weights[part]);
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
        _entryMask = Declare(_ => Words2((1 << EntryBits) - 1));
    }
}
