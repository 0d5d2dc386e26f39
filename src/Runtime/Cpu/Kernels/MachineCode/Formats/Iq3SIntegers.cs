using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 numbers in points of four: the lower 8 bits of entries, their ninth bits, signs; per 32 a 4-bit scale s for 2 s + 1.</summary>
internal sealed unsafe class Iq3SIntegers() : SignedCodebookIntegers((nint)CodebookTables.Iq3S, sizeof(uint))
{
    private const int LowerOffset = 2, NinthOffset = 66, SignsOffset = 74, ScalesOffset = 106;

    private int _ninthBit, _shifts, _twice, _one;

    public override TensorType Type => TensorType.IQ3_S;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        foreach (var (half, entries) in ((int, AssemblerMemoryOperand)[])[(0, Entries), (1, MoreEntries)])
        {
            a.kmovd(k3, __dword_ptr[block + (NinthOffset + (4 * half))]);
            a.vpmovzxbw(Temporary, __ymmword_ptr[block + (LowerOffset + (32 * half))]);
            a.vpaddw(Temporary.k3, Temporary, __zmmword_ptr[constants + _ninthBit]);
            a.vmovdqu32(entries, Temporary);
        }

        // Twice the scale: bits 1 to 4 of what is shifted one place less.
        a.vpbroadcastd(ymm16, __dword_ptr[block + ScalesOffset]);
        a.vprolvd(ymm16, ymm16, __ymmword_ptr[constants + _shifts]);
        a.vpandd(ymm16, ymm16, __ymmword_ptr[constants + _twice]);
        a.vpord(ymm16, ymm16, __ymmword_ptr[constants + _one]);
        a.vcvtdq2ps(Scales, Scales);
        ScaleBy(a, Scales, __word_ptr[block]);
        OffsetScalesOf32(a, Offset);
    }

    protected override AssemblerMemoryOperand SignBits(AssemblerRegister64 block, int part) => __qword_ptr[block + (SignsOffset + (8 * part))];

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _ninthBit = InMemory(_ => Words2(0x100));
        _shifts = InMemory(lane => (1 - (4 * (lane % 8))) & 31);
        _twice = InMemory(_ => 0x1E);
        _one = InMemory(_ => 1);
    }
}
