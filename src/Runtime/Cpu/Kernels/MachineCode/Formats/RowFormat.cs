using ArchGen.Cpu.Kernels.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>A format that unpacks the blocks of rows one by one.</summary>
internal abstract class RowFormat : IntegerFormat
{
    public sealed override void Read(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++) Read(a, at.Weights[row], at.Constants, Blocks[row]);
    }

    public sealed override void AddMinima(Assembler a, DotOperands at, AssemblerRegisterZMM[] totals)
    {
        if (!HasMinima) return;
        for (var i = 0; i < at.Results; i++)
        {
            var (minima, sums) = (Blocks[i / at.Tokens].Minima, __zmmword_ptr[at.X[i % at.Tokens] + IntegerActivations.SumsOf16Offset]);
            if (AreMinimaSubtracted) a.vfnmadd231ps(totals[i], minima, sums);
            else a.vfmadd231ps(totals[i], minima, sums);
        }
    }

    /// <summary>Unpacks a block.</summary>
    protected abstract void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into);
}
