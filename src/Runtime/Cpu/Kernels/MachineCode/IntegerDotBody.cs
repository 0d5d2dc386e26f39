using ArchGen.Cpu.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Quantized weights times activations of 16-bit integers, a block of <see cref="IntegerActivations"/> a step.</summary>
internal abstract class IntegerDotBody : DotBody
{
    protected static readonly AssemblerRegisterZMM[] Blocks = [zmm0, zmm1, zmm2, zmm3], Dots = [zmm8, zmm9, zmm10, zmm11];

    public override int Step => IntegerActivations.BlockSize;

    public override int ActivationBytes => IntegerActivations.BlockBytes;

    public override void BeginRow(Assembler a, int tokens)
    {
        for (var t = 0; t < tokens; t++) Zero(a, Totals[t]);
    }

    public override void EndRow(Assembler a, int tokens)
    {
        for (var t = 0; t < tokens; t++) Fold(a, t);
    }

    /// <summary>Adds a token's block, times the scale of its activations, to the sums of the row.</summary>
    protected static void AddBlock(Assembler a, int token, AssemblerRegister64 x) =>
        a.vfmadd231ps(Totals[token], Blocks[token], __dword_bcst[x + IntegerActivations.ScaleOffset]);
}
