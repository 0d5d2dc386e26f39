using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.IQ2_XXS;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 numbers in entries of eight: per 32 four entries of 8 bits, then four times seven signs and a 4-bit scale.</summary>
internal sealed unsafe class Iq2XxsIntegers() : SevenSignsIntegers(Offsets.Of<IQ2_XXSBlock>(b => &b->Scale), factor: 0.25f)
{
    private static readonly int GroupsOffset = Offsets.Of<IQ2_XXSBlock>(b => b->Groups);

    private readonly Codebook8 _codebook = new(() => (nint)CodebookTables.Iq2Xxs);

    public override TensorType Type => TensorType.IQ2_XXS;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        base.Read(a, block, constants, into);
        a.vmovdqu32(zmm8, __zmmword_ptr[block + GroupsOffset]);
        a.vpermb(Codebook8.Entries, In(a, EightsOrder, zmm9), zmm8);
        for (var part = 0; part < into.Weights.Length; part++)
        {
            _codebook.LookUpBytes(a, part, into.Weights[part]);
            ApplySigns(a, part, into.Weights[part]);
        }
    }

    protected override void LoadDoubleWords(Assembler a, AssemblerRegister64 block, AssemblerRegisterZMM words) =>
        a.vmovdqu32(words, __zmmword_ptr[block + GroupsOffset]);

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _codebook.Begin(a);
    }
}
