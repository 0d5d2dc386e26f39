using ArchGen.Cpu.Kernels.Blocks;
using ArchGen.Formats.Grids;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 numbers in points of four: entries of 8 bits; per 32 four times seven signs and a 4-bit scale.</summary>
internal sealed unsafe class Iq3XxsIntegers() : SevenSignsIntegers(factor: 0.5f)
{
    private const int EntriesOffset = 2, WordsOffset = 66;

    private readonly FourPoints _points = new(() => new ReadOnlySpan<int>(CodebookTables.Iq3Xxs, CodebookGrids.Iq3Xxs.Count).ToArray());

    public override TensorType Type => TensorType.IQ3_XXS;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        base.Read(a, block, constants, into);
        _points.LookUp(a, __zmmword_ptr[block + EntriesOffset], null, constants, into.Weights);
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
        _points.DeclareConstants(InMemory);
    }
}
