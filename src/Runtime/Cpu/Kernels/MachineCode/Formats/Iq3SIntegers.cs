using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using ArchGen.Quantization.Grids;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 numbers in points of four: the lower 8 bits of entries, their ninth bits, signs; per 32 a 4-bit scale s for 2 s + 1.</summary>
internal sealed unsafe class Iq3SIntegers : SignedCodebookIntegers
{
    private const int LowerOffset = 2, NinthOffset = 66, SignsOffset = 74, ScalesOffset = 106;

    private readonly FourPoints _points = new(new ReadOnlySpan<int>(CodebookTables.Iq3S, CodebookGrids.Iq3S.Count).ToArray());
    private int _shifts, _twice, _one;

    public override TensorType Type => TensorType.IQ3_S;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        _points.LookUp(a, __zmmword_ptr[block + LowerOffset], __qword_ptr[block + NinthOffset], constants);

        // Twice the scale: bits 1 to 4 of what is shifted one place less.
        a.vpbroadcastd(ymm16, __dword_ptr[block + ScalesOffset]);
        a.vprolvd(ymm16, ymm16, __ymmword_ptr[constants + _shifts]);
        a.vpandd(ymm16, ymm16, __ymmword_ptr[constants + _twice]);
        a.vpord(ymm16, ymm16, __ymmword_ptr[constants + _one]);
        a.vcvtdq2ps(Scales, Scales);
        ScaleBy(a, Scales, __word_ptr[block]);
        OffsetScalesOf32(a, Offset);
    }

    protected override void LookUp(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM points) => a.vmovdqa32(points, FourPoints.Of(part));

    protected override AssemblerMemoryOperand SignBits(AssemblerRegister64 block, int part) => __qword_ptr[block + (SignsOffset + (8 * part))];

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _points.DeclareConstants(InMemory);
        _shifts = InMemory(lane => (1 - (4 * (lane % 8))) & 31);
        _twice = InMemory(_ => 0x1E);
        _one = InMemory(_ => 1);
    }
}
