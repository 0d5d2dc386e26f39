using ArchGen.Cpu.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// Quantized weights times activations of 16-bit integers (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, VPDPBUSD). Weights are
/// unpacked to unsigned bytes, 64 at a time, and multiplied with the upper and the lower bytes of the activations; each group's sum is an exact integer, then
/// scaled.
/// </summary>
internal sealed class ByteDotBody(IntegerFormat format) : IntegerDotBody
{
    private const int Parts = IntegerActivations.BlockSize / 64;

    public override int WeightBytes => format.Bytes;

    public override int RoomBytes => format.RoomBytes;

    public override void Begin(Assembler a, Label constants, DotOperands at) => format.Begin(a, constants, at.Constants);

    public override void WriteStep(Assembler a, DotOperands at)
    {
        format.BeginBlock(a, at.Weights[0], at.Constants);
        if (format.HasScaledWeights) MultiplyBlock(a, at);
        else MultiplyParts(a, at);
        for (var t = 0; t < at.Tokens; t++) format.SubtractOffsets(a, at.X[t], Totals[t]);
    }

    public override void WriteConstants(Assembler a, ref Label constants) => format.WriteConstants(a, ref constants);

    private void MultiplyParts(Assembler a, DotOperands at)
    {
        for (var part = 0; part < Parts; part++)
        {
            format.Unpack(a, at.Weights[0], at.Constants, part, IntegerFormat.Weights);
            format.Scale(a, part, IntegerFormat.PartScale);
            for (var t = 0; t < at.Tokens; t++)
            {
                // Two sets of registers, so that a part need not wait for the one before.
                var dot = at.Tokens == 4 ? Dots[t] : Dots[(2 * (part & 1)) + t];
                Zero(a, dot);
                a.vpdpbusd(dot, IntegerFormat.Weights, Upper(at, part, t));
                a.vpslld(dot, dot, 8);
                a.vpdpbusd(dot, IntegerFormat.Weights, Lower(at, part, t));
                a.vcvtdq2ps(dot, dot);
                a.vfmadd231ps(Totals[t], dot, IntegerFormat.PartScale);
            }
        }
    }

    // One sum of integers for a whole block.
    private void MultiplyBlock(Assembler a, DotOperands at)
    {
        // The registers of more results than there are.
        AssemblerRegisterZMM OfLower(int token) => Totals[4 + token];
        for (var t = 0; t < at.Tokens; t++)
        {
            Zero(a, Dots[t]);
            Zero(a, OfLower(t));
        }

        for (var part = 0; part < Parts; part++)
        {
            format.Unpack(a, at.Weights[0], at.Constants, part, IntegerFormat.Weights);
            for (var t = 0; t < at.Tokens; t++)
            {
                a.vpdpbusd(Dots[t], IntegerFormat.Weights, Upper(at, part, t));
                a.vpdpbusd(OfLower(t), IntegerFormat.Weights, Lower(at, part, t));
            }
        }

        for (var t = 0; t < at.Tokens; t++)
        {
            a.vpslld(Dots[t], Dots[t], 8);
            a.vpaddd(Dots[t], Dots[t], OfLower(t));
            a.vcvtdq2ps(Dots[t], Dots[t]);
            a.vfmadd231ps(Totals[t], Dots[t], IntegerFormat.PartScale);
        }
    }

    private static AssemblerMemoryOperand Upper(DotOperands at, int part, int token) => __zmmword_ptr[at.X[token] + (IntegerActivations.UpperOffset + (64 * part))];

    private static AssemblerMemoryOperand Lower(DotOperands at, int part, int token) => __zmmword_ptr[at.X[token] + (IntegerActivations.LowerOffset + (64 * part))];
}
