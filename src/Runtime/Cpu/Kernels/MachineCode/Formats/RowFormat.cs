using Iced.Intel;

namespace ArchGen.Cpu.MachineCode;

/// <summary>A format that unpacks the blocks of rows one by one.</summary>
internal abstract class RowFormat : IntegerFormat
{
    public sealed override void Read(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++) Read(a, at.Weights[row], at.Constants, Blocks[row]);
    }

    /// <summary>Unpacks a block.</summary>
    protected abstract void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into);
}
