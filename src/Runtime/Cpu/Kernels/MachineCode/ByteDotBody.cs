using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Cpu.Kernels.MachineCode.Formats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Quantized weights times activations of 16-bit integers (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, VPDPBUSD). A block's weights
/// become unsigned bytes, of which each lane has those of one group that shares a scale; they are multiplied with the upper bytes of the activations, then with
/// the lower ones. A lane's sum is one exact integer, at most 16 * 255 * 2^15, and is scaled once for the block.
/// </summary>
internal sealed class ByteDotBody(IntegerFormat format) : IntegerDotBody
{
    private const int Parts = 4, PartBytes = 64, BitsOfLower = 8;

    // Loaded once for two rows.
    private static readonly AssemblerRegisterZMM Activations = zmm28;

    public override int WeightBytes => format.Bytes;

    public override bool PairsRows => format.PairsRows;

    public override void Begin(Assembler a, DotOperands at) => format.Begin(a, at);

    public override void BeginRows(Assembler a, DotOperands at)
    {
        base.BeginRows(a, at);
        format.BeginRows(a, at);
    }

    public override void WriteStep(Assembler a, DotOperands at)
    {
        format.Read(a, at);
        format.AddMinima(a, at, Totals);
        // Each product depends on the one before: with few sums, those with the lower bytes are a second chain.
        var ofLower = at.Results <= 2 ? at.Results : 0;
        for (var i = 0; i < at.Results + ofLower; i++) Zero(a, Dots[i]);
        Multiply(a, at, IntegerActivations.UpperOffset, first: 0);
        for (var i = 0; i < at.Results; i++) a.vpslld(Dots[i], Dots[i], BitsOfLower);
        Multiply(a, at, IntegerActivations.LowerOffset, first: ofLower);
        for (var i = 0; i < at.Results; i++)
        {
            if (ofLower > 0) a.vpaddd(Dots[i], Dots[i], Dots[ofLower + i]);
            if (format.Offset != 0) a.vpaddd(Dots[i], Dots[i], __zmmword_ptr[at.X[i % at.Tokens] + IntegerActivations.BeginningsOffset]);
            a.vcvtdq2ps(Dots[i], Dots[i]);
            a.vfmadd231ps(Totals[i], Dots[i], IntegerFormat.Blocks[i / at.Tokens].Scales);
        }
    }

    public override void EndRows(Assembler a, DotOperands at)
    {
        format.EndRows(a, at, Totals);
        base.EndRows(a, at);
    }

    private static void Multiply(Assembler a, DotOperands at, int offset, int first)
    {
        for (var part = 0; part < Parts; part++)
        {
            for (var t = 0; t < at.Tokens; t++)
            {
                var x = __zmmword_ptr[at.X[t] + (offset + (PartBytes * part))];
                if (at.Rows == 1)
                {
                    a.vpdpbusd(Dots[first + t], IntegerFormat.Blocks[0].Weights[part], x);
                    continue;
                }

                a.vmovdqu32(Activations, x);
                for (var row = 0; row < at.Rows; row++) a.vpdpbusd(Dots[first + at.IndexOf(row, t)], IntegerFormat.Blocks[row].Weights[part], Activations);
            }
        }
    }
}
