using ArchGen.Cpu.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// Weights of four bits times activations of 16-bit integers (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, VPDPWSSD). The four
/// nibbles of each 16-bit word of weights are four vectors of words, whose partners the activations have in this order: nothing is widened, and a product
/// has one instruction for 32 weights.
/// </summary>
internal abstract class NibbleDotBody : IntegerDotBody
{
    /// <summary>Weights that are unpacked at a time.</summary>
    protected const int Half = 128;

    private const int NibblesOfWord = 4;

    /// <summary>The lowest four bits of each word.</summary>
    protected static readonly AssemblerRegisterZMM Nibble = zmm31;

    private static readonly AssemblerRegisterZMM[] Weights = [zmm16, zmm17];
    private static readonly AssemblerRegisterZMM Activations = zmm22;

    private readonly VectorConstants _constants = new();

    // A token's activations have four times the bytes of a row's weights.
    public override bool PairsRows => true;

    public override void Begin(Assembler a, Label constants, DotOperands at)
    {
        _constants.Clear();
        Constant(Nibble, _ => 0x000F000F);
        DeclareConstants();
        _constants.Load(a, constants, at.Constants);
    }

    public override void WriteConstants(Assembler a, ref Label constants) => _constants.Write(a, ref constants);

    /// <summary>Declares constants with <see cref="Constant"/>.</summary>
    protected abstract void DeclareConstants();

    protected void Constant(AssemblerRegisterZMM register, Func<int, int> word) => _constants.Add(register, word);

    /// <summary>A constant of 32 words.</summary>
    protected void WordConstant(AssemblerRegisterZMM register, Func<int, int> word) => Constant(register, lane => word(2 * lane) | word((2 * lane) + 1) << 16);

    protected int InMemory(Func<int, int> word) => _constants.AddInMemory(word);

    /// <summary>Begins all dot products: at zero, or with what the activations have at an offset, 16 integers.</summary>
    protected static void Begin(Assembler a, DotOperands at, int? offset)
    {
        for (var i = 0; i < at.Results * Chains(at); i++)
        {
            if (i >= at.Results || offset is null) Zero(a, Dots[i]);
            else if (i < at.Tokens) a.vmovdqu32(Dots[i], __zmmword_ptr[at.X[i] + offset.Value]);
            else a.vmovdqa32(Dots[i], Dots[i % at.Tokens]);
        }
    }

    /// <summary>Adds the products of a half's weights, each row's packed in a register, to all dot products.</summary>
    protected void Multiply(Assembler a, int half, AssemblerRegisterZMM[] packed, DotOperands at)
    {
        for (var isHigh = 0; isHigh < 2; isHigh++)
        {
            BeginNibbles(a, half, isHigh, at);
            for (var nibble = isHigh; nibble < NibblesOfWord; nibble += 2)
            {
                for (var row = 0; row < at.Rows; row++)
                {
                    TakeOut(a, nibble, packed[row], Weights[row]);
                    Scale(a, row, Weights[row]);
                }

                MultiplyNibble(a, nibble, (2 * Half * half) + (64 * nibble), at);
            }
        }
    }

    /// <summary>Loads what <see cref="Scale"/> needs for the lower or the upper nibbles of bytes of a half.</summary>
    protected virtual void BeginNibbles(Assembler a, int half, int isHigh, DotOperands at)
    {
    }

    /// <summary>Multiplies a row's weights, words, by integer scales, where the type has such.</summary>
    protected virtual void Scale(Assembler a, int row, AssemblerRegisterZMM weights)
    {
    }

    private static void MultiplyNibble(Assembler a, int nibble, int offset, DotOperands at)
    {
        for (var t = 0; t < at.Tokens; t++)
        {
            AssemblerRegisterZMM Dot(int row) => Dots[at.IndexOf(row, t) + (at.Results * (nibble / 2 % Chains(at)))];
            var activations = __zmmword_ptr[at.X[t] + offset];
            if (at.Rows == 1)
            {
                a.vpdpwssd(Dot(0), Weights[0], activations);
                continue;
            }

            a.vmovdqu32(Activations, activations);
            for (var row = 0; row < at.Rows; row++) a.vpdpwssd(Dot(row), Weights[row], Activations);
        }
    }

    /// <summary>Adds a row's dot products, times a factor for each lane, to its sums.</summary>
    protected static void End(Assembler a, int row, AssemblerRegisterZMM factor, DotOperands at)
    {
        for (var t = 0; t < at.Tokens; t++)
        {
            var i = at.IndexOf(row, t);
            for (var chain = 1; chain < Chains(at); chain++) a.vpaddd(Dots[i], Dots[i], Dots[i + (at.Results * chain)]);
            a.vcvtdq2ps(Dots[i], Dots[i]);
            a.vfmadd231ps(Totals[i], Dots[i], factor);
        }
    }

    private static void TakeOut(Assembler a, int nibble, AssemblerRegisterZMM packed, AssemblerRegisterZMM weights)
    {
        if (nibble > 0) a.vpsrlw(weights, packed, (byte)(4 * nibble));
        if (nibble < NibblesOfWord - 1) a.vpandd(weights, nibble > 0 ? weights : packed, Nibble);
    }

    // A product waits for the one before of its chain.
    private static int Chains(DotOperands at) => at.Results == 1 ? 2 : 1;
}
