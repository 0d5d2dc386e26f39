using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 numbers in points of eight: an entry of 9 bits and seven signs each; per 16 a 4-bit scale.</summary>
internal sealed unsafe class Iq2XsIntegers : SignedCodebookIntegers
{
    private const int EntriesOffset = 2, ScalesOffset = 66, EntryBits = 9;

    private readonly HalfScales _scales = new();
    private int _entryMask;

    private readonly EightPoints _points = new((nint)CodebookTables.Iq2Xs);

    public override TensorType Type => TensorType.IQ2_XS;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vmovdqu32(Temporary, __zmmword_ptr[block + EntriesOffset]);
        a.vpandd(zmm19, Temporary, __zmmword_ptr[constants + _entryMask]);
        a.vmovdqu32(EightPoints.Entries, zmm19);
        a.vpsrlw(Temporary, Temporary, EntryBits);
        a.vpmovwb(ymm17, Temporary);
        CompleteSigns(a);
        a.vmovdqu32(Signs, ymm17);
        _scales.Read(a, __qword_ptr[block + ScalesOffset], constants, Scales);
        ScaleBy(a, Scales, __word_ptr[block]);
        a.vmulps(OffsetScales, Scales, Offset);
    }

    protected override void LookUp(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM points) => _points.LookUp(a, block, part, points);

    protected override int GroupSize => 16;

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _points.Begin(a);
        _scales.DeclareConstants(InMemory);
        _entryMask = InMemory(_ => Words2((1 << EntryBits) - 1));
    }
}
