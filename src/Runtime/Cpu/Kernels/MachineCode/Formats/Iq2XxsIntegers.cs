using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 numbers in points of eight: per 32 four entries of 8 bits, then four times seven signs and a 4-bit scale.</summary>
internal sealed unsafe class Iq2XxsIntegers() : SevenSignsIntegers((nint)CodebookTables.Iq2Xxs, sizeof(ulong), factor: 0.25f)
{
    private const int GroupsOffset = 2;

    public override TensorType Type => TensorType.IQ2_XXS;

    protected override int? EntryOffset(int entry) => GroupsOffset + (8 * (entry / 4)) + (entry % 4);

    protected override void LoadDoubleWords(Assembler a, AssemblerRegister64 block, AssemblerRegisterZMM words) =>
        a.vmovdqu32(words, __zmmword_ptr[block + GroupsOffset]);
}
