using ArchGen.Cpu.Kernels.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>Quantized weights times activations of 16-bit integers, a block of <see cref="IntegerActivations"/> a step.</summary>
internal abstract class IntegerDotBody : DotBody
{
    /// <summary>The sums of a group, as integers: as many as there are dot products; others are free.</summary>
    protected static readonly AssemblerRegisterZMM[] Dots = [zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15];

    public override int Step => IntegerActivations.BlockSize;

    public override int ActivationBytes => IntegerActivations.BlockBytes;

    public override void BeginRows(Assembler a, DotOperands at)
    {
        for (var i = 0; i < at.Results; i++) Zero(a, Totals[i]);
    }

    public override void EndRows(Assembler a, DotOperands at)
    {
    }
}
