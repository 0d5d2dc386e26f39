using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 numbers in points of eight: the lower 8 bits of entries, signs, the upper 2 bits of entries; per 16 a 4-bit scale.</summary>
internal sealed unsafe class Iq2SIntegers : SignedCodebookIntegers
{
    private const int LowerOffset = 2, SignsOffset = 34, UpperOffset = 66, ScalesOffset = 74;

    private readonly HalfScales _scales = new();
    private int _groups, _upperShifts, _upperMask;

    private readonly EightPoints _points = new((nint)CodebookTables.Iq2S);

    public override TensorType Type => TensorType.IQ2_S;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vpmovzxbw(xmm17, __qword_ptr[block + UpperOffset]);
        a.vmovdqu32(zmm19, __zmmword_ptr[constants + _groups]);
        a.vpermw(Temporary, zmm19, Temporary);
        a.vpsllvw(Temporary, Temporary, __zmmword_ptr[constants + _upperShifts]);
        EightPoints.Store(a, __ymmword_ptr[block + LowerOffset], Temporary, __zmmword_ptr[constants + _upperMask]);
        _scales.Read(a, __qword_ptr[block + ScalesOffset], constants, Scales);
        ScaleBy(a, Scales, __word_ptr[block]);
        a.vmulps(OffsetScales, Scales, Offset);
    }

    protected override void LookUp(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM points) => _points.LookUp(a, block, part, points);

    protected override AssemblerMemoryOperand SignBits(AssemblerRegister64 block, int part) => __qword_ptr[block + (SignsOffset + (8 * part))];

    protected override int GroupSize => 16;

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _points.Begin(a);
        _scales.DeclareConstants(InMemory);
        // Four entries' upper bits in a byte, to bits 8 and 9.
        _groups = InMemory(lane => Words2(lane / 2));
        _upperShifts = InMemory(lane => lane % 2 == 0 ? 8 | 6 << 16 : 4 | 2 << 16);
        _upperMask = InMemory(_ => Words2(0x300));
    }
}
