using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.IQ3_XXS;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 numbers in entries of four: entries of 8 bits; per 32 four times seven signs and a 4-bit scale.</summary>
internal sealed unsafe class Iq3XxsIntegers() : SevenSignsIntegers(Offsets.Of<IQ3_XXSBlock>(b => &b->Scale), factor: 0.5f)
{
    private static readonly int EntriesOffset = Offsets.Of<IQ3_XXSBlock>(b => b->Entries), WordsOffset = Offsets.Of<IQ3_XXSBlock>(b => b->SignsAndScales);

    private readonly Codebook4 _codebook = new(() => new ReadOnlySpan<int>(CodebookTables.Iq3Xxs, CodebookGrids.Iq3Xxs.Count).ToArray());

    public override TensorType Type => TensorType.IQ3_XXS;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        base.Read(a, block, constants, into);
        _codebook.LookUp(a, __zmmword_ptr[block + EntriesOffset], null, constants, into.Weights);
        for (var part = 0; part < into.Weights.Length; part++) ApplySigns(a, part, into.Weights[part]);
    }

    protected override void LoadDoubleWords(Assembler a, AssemblerRegister64 block, AssemblerRegisterZMM words)
    {
        a.vpmovzxdq(words, __ymmword_ptr[block + WordsOffset]);
        a.vpsllq(words, words, 32);
    }

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _codebook.DeclareConstants(InMemory);
    }
}
