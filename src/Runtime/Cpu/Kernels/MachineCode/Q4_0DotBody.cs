using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Q4_0;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Eight blocks of 32 weights: a half-precision scale and 16 bytes, low nibbles first; times activations of 16-bit integers (Intel 64 and IA-32 Architectures
/// Software Developer's Manual, volume 2, VPDPWSSD). The first eight bytes of all blocks make a vector, and the last eight: two lanes of a sum belong to each
/// block. The four nibbles of each of their 16-bit words are four vectors of words, whose partners the activations have in this order: nothing is widened.
/// </summary>
internal sealed unsafe class Q4_0DotBody : IntegerDotBody
{
    private const int Parts = 2, PartBytes = 8, NibblesOfWord = 4, VectorBytes = 64;

    private static readonly int BlockBytes = sizeof(Q4_0Block), QuantsOffset = Offsets.Of<Q4_0Block>(b => b->Quants);

    private static readonly AssemblerRegisterZMM[][] Quants = [[zmm18, zmm19], [zmm20, zmm21]];
    private static readonly AssemblerRegisterZMM[] Weights = [zmm16, zmm17];
    private static readonly AssemblerRegisterZMM[] Scales = [zmm23, zmm24];
    private static readonly AssemblerRegisterZMM[] QuantIndices = [zmm27, zmm28];
    private static readonly AssemblerRegisterZMM Activations = zmm22, ScaleIndices = zmm29;

    // The lowest four bits of each word.
    private static readonly AssemblerRegisterZMM Nibble = zmm31;

    private readonly VectorConstants _constants = new();

    /// <summary>The layout of its activations.</summary>
    public static IntegerLayout Layout => new(IntegerOrder.NibblesOf32, Offset: 8);

    public override int WeightBytes => (int)TensorType.Q4_0.ByteLength(Step);

    // A token's activations have four times the bytes of a row's weights.
    public override bool PairsRows => true;

    public override void Begin(Assembler a, DotOperands at)
    {
        _constants.Clear();
        _constants.Add(Nibble, _ => 0x000F000F);
        for (var part = 0; part < Parts; part++)
        {
            var first = (QuantsOffset + (PartBytes * part)) / 2;
            _constants.AddWords(QuantIndices[part], word => (word / 4 * BlockBytes / 2) + first + (word % 4));
        }

        _constants.AddWords(ScaleIndices, word => word / 2 % 8 * BlockBytes / 2);
        _constants.Load(a, at.Constants);
        a.mov(eax, 1 << 7);
        a.kmovd(k1, eax);
    }

    public override void WriteStep(Assembler a, DotOperands at)
    {
        for (var row = 0; row < at.Rows; row++) Read(a, at.Weights[row], row);
        BeginDots(a, at);
        for (var part = 0; part < Parts; part++) Multiply(a, part, at);
        for (var row = 0; row < at.Rows; row++) End(a, row, at);
    }

    // The last block's quants are beyond two registers: they are loaded into the last lanes.
    private static void Read(Assembler a, AssemblerRegister64 weights, int row)
    {
        // Not yet in use.
        var (first, second) = (Dots[0], Dots[1]);
        a.vmovdqu32(first, __zmmword_ptr[weights]);
        a.vmovdqu32(second, __zmmword_ptr[weights + VectorBytes]);
        for (var part = 0; part < Parts; part++)
        {
            var quants = Quants[part][row];
            a.vmovdqa32(quants, first);
            a.vpermt2w(quants, QuantIndices[part], second);
            a.vpbroadcastq(quants.k1, __qword_ptr[weights + ((7 * BlockBytes) + QuantsOffset + (PartBytes * part))]);
        }

        a.vpermt2w(first, ScaleIndices, second);
        a.vcvtph2ps(Scales[row], ymm8);
    }

    /// <summary>Starts the sums with the correction for the offset.</summary>
    private static void BeginDots(Assembler a, DotOperands at)
    {
        for (var i = 0; i < at.Results * Chains(at); i++)
        {
            if (i >= at.Results) Zero(a, Dots[i]);
            else if (i < at.Tokens) a.vmovdqu32(Dots[i], __zmmword_ptr[at.X[i] + IntegerActivations.BeginningsOffset]);
            else a.vmovdqa32(Dots[i], Dots[i % at.Tokens]);
        }
    }

    private static void Multiply(Assembler a, int part, DotOperands at)
    {
        // Those of even bytes, then those of odd ones.
        foreach (var nibble in (int[])[0, 2, 1, 3])
        {
            for (var row = 0; row < at.Rows; row++) TakeOut(a, nibble, Quants[part][row], Weights[row]);
            for (var t = 0; t < at.Tokens; t++)
            {
                AssemblerRegisterZMM Dot(int row) => Dots[at.IndexOf(row, t) + (at.Results * (nibble / 2 % Chains(at)))];
                var x = __zmmword_ptr[at.X[t] + (VectorBytes * ((NibblesOfWord * part) + nibble))];
                if (at.Rows == 1)
                {
                    a.vpdpwssd(Dot(0), Weights[0], x);
                    continue;
                }

                a.vmovdqu32(Activations, x);
                for (var row = 0; row < at.Rows; row++) a.vpdpwssd(Dot(row), Weights[row], Activations);
            }
        }
    }

    private static void TakeOut(Assembler a, int nibble, AssemblerRegisterZMM packed, AssemblerRegisterZMM weights)
    {
        if (nibble > 0) a.vpsrlw(weights, packed, (byte)(4 * nibble));
        if (nibble < NibblesOfWord - 1) a.vpandd(weights, nibble > 0 ? weights : packed, Nibble);
    }

    private static void End(Assembler a, int row, DotOperands at)
    {
        for (var t = 0; t < at.Tokens; t++)
        {
            var i = at.IndexOf(row, t);
            for (var chain = 1; chain < Chains(at); chain++) a.vpaddd(Dots[i], Dots[i], Dots[i + (at.Results * chain)]);
            a.vcvtdq2ps(Dots[i], Dots[i]);
            a.vfmadd231ps(Totals[i], Dots[i], Scales[row]);
        }
    }

    // A product depends on the one before in its chain.
    private static int Chains(DotOperands at) => at.Results == 1 ? 2 : 1;
}
