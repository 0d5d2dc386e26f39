using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.IQ3_S;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 numbers in entries of four: the lower 8 bits of entries, their ninth bits, signs; per 32 a 4-bit scale s for 2 s + 1.</summary>
internal sealed unsafe class Iq3SIntegers : SignedCodebookIntegers
{
    private static readonly int LowerOffset = Offsets.Of<IQ3_SBlock>(b => b->Entries), NinthOffset = Offsets.Of<IQ3_SBlock>(b => b->NinthBits);
    private static readonly int SignsOffset = Offsets.Of<IQ3_SBlock>(b => b->Signs), ScalesOffset = Offsets.Of<IQ3_SBlock>(b => b->GroupScales);
    private static readonly int ScaleOffset = Offsets.Of<IQ3_SBlock>(b => &b->Scale);

    private readonly Codebook4 _codebook = new(() => new ReadOnlySpan<int>(CodebookTables.Iq3S, CodebookGrids.Iq3S.Count).ToArray());
    private Constant _order;
    private int _shifts, _twice, _one;

    public override TensorType Type => TensorType.IQ3_S;

    public override int MaxNumber => 15;

    public override IntegerOrder Order => IntegerOrder.BytesOf32;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        a.vmovdqu32(ymm8, __ymmword_ptr[block + SignsOffset]);
        a.vpermb(Signs, In(a, _order, zmm9), zmm8);
        _codebook.LookUp(a, __zmmword_ptr[block + LowerOffset], __qword_ptr[block + NinthOffset], constants, into.Weights);
        for (var part = 0; part < into.Weights.Length; part++) ApplySigns(a, part, into.Weights[part]);

        // Twice the scale: bits 1 to 4 of what is shifted one place less.
        a.vpbroadcastd(zmm8, __dword_ptr[block + ScalesOffset]);
        a.vprolvd(zmm8, zmm8, __zmmword_ptr[constants + _shifts]);
        a.vpandd(zmm8, zmm8, __zmmword_ptr[constants + _twice]);
        a.vpord(zmm8, zmm8, __zmmword_ptr[constants + _one]);
        a.vcvtdq2ps(into.Scales, zmm8);
        ScaleBy(a, into.Scales, __word_ptr[block + ScaleOffset], zmm9);
    }

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _order = Declare(EightsOf32(distance: 4));
        _codebook.DeclareConstants(InMemory);
        _shifts = InMemory(lane => (1 - (4 * (lane / 2))) & 31);
        _twice = InMemory(_ => 0x1E);
        _one = InMemory(_ => 1);
    }
}
