using ArchGen.Cpu.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Quantized weights times activations of 16-bit integers, a block of <see cref="IntegerActivations"/> a step.</summary>
internal abstract class IntegerDotBody : DotBody
{
    protected static readonly AssemblerRegisterZMM[] Dots = [zmm8, zmm9, zmm10, zmm11];

    public override int Step => IntegerActivations.BlockSize;

    public override int ActivationBytes => IntegerActivations.BlockBytes;

    public override void BeginRow(Assembler a, int tokens)
    {
        for (var t = 0; t < tokens; t++) Zero(a, Totals[t]);
    }

    public override void EndRow(Assembler a, AssemblerRegister64[] x, int tokens)
    {
        for (var t = 0; t < tokens; t++)
        {
            Fold(a, t);
            a.vmulps(Results[t], Results[t], __dword_bcst[x[t] + (IntegerActivations.ScaleOffset - IntegerActivations.BlockBytes)]);
        }
    }
}
