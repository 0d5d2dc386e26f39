using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 numbers in points of four: entries of 8 bits; per 32 four times seven signs and a 4-bit scale.</summary>
internal sealed unsafe class Iq3XxsIntegers() : SevenSignsIntegers((nint)CodebookTables.Iq3Xxs, sizeof(uint), factor: 0.5f)
{
    private const int EntriesOffset = 2, WordsOffset = 66;

    public override TensorType Type => TensorType.IQ3_XXS;

    protected override int? EntryOffset(int entry) => EntriesOffset + entry;

    protected override void LoadDoubleWords(Assembler a, AssemblerRegister64 block, AssemblerRegisterZMM words)
    {
        a.vpmovzxdq(words, __ymmword_ptr[block + WordsOffset]);
        a.vpsllq(words, words, 32);
    }
}
