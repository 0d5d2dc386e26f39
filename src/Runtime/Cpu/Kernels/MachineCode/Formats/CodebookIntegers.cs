using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Weights as points of a codebook.</summary>
internal abstract class CodebookIntegers : IntegerFormat
{
    // Entries of 32 points as words, then 32 bytes of signs.
    public override int RoomBytes => 128;

    /// <summary>Where the signs are put, a bit for each weight, that do not lie so in the block.</summary>
    protected static AssemblerMemoryOperand Signs => __ymmword_ptr[rsp + 64];

    /// <summary>Those of a part.</summary>
    protected static AssemblerMemoryOperand SignsOf(int part) => __qword_ptr[rsp + (64 + (8 * part))];

    /// <summary>The points of a part, as bytes.</summary>
    protected abstract void LookUp(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM points);
}
