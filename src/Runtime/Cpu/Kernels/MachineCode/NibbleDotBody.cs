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

    protected static readonly AssemblerRegisterZMM[] Weights = [zmm12, zmm13, zmm14, zmm15];

    /// <summary>The lowest four bits of each word.</summary>
    protected static readonly AssemblerRegisterZMM Nibble = zmm31;

    private readonly VectorConstants _constants = new();

    public override void Begin(Assembler a, Label constants)
    {
        _constants.Clear();
        a.mov(eax, 0xFF00);
        a.kmovd(k1, eax);
        Constant(Nibble, _ => 0x000F000F);
        DeclareConstants();
        _constants.Load(a, constants);
    }

    public override void WriteConstants(Assembler a, ref Label constants) => _constants.Write(a, ref constants);

    /// <summary>Declares constants with <see cref="Constant"/>.</summary>
    protected abstract void DeclareConstants();

    protected void Constant(AssemblerRegisterZMM register, Func<int, int> word) => _constants.Add(register, word);

    /// <summary>A constant of 32 words.</summary>
    protected void WordConstant(AssemblerRegisterZMM register, Func<int, int> word) => Constant(register, lane => word(2 * lane) | word((2 * lane) + 1) << 16);

    /// <summary>Takes the nibbles of the words in the first of <see cref="Weights"/> apart.</summary>
    protected static void TakeApart(Assembler a)
    {
        var packed = Weights[0];
        a.vpsrlw(Weights[3], packed, 12);
        a.vpsrlw(Weights[2], packed, 8);
        a.vpsrlw(Weights[1], packed, 4);
        a.vpandd(Weights[2], Weights[2], Nibble);
        a.vpandd(Weights[1], Weights[1], Nibble);
        a.vpandd(packed, packed, Nibble);
    }

    /// <summary>Begins the dot products of all tokens.</summary>
    protected static void Clear(Assembler a, int tokens)
    {
        for (var t = 0; t < tokens * Chains(tokens); t++) Zero(a, Dots[t]);
    }

    /// <summary>Adds the products of the half's weights to all tokens' dot products.</summary>
    protected static void Multiply(Assembler a, int half, AssemblerRegister64[] x, int tokens)
    {
        for (var i = 0; i < Weights.Length; i++)
            for (var t = 0; t < tokens; t++)
                a.vpdpwssd(Dots[t + (tokens * (i % Chains(tokens)))], Weights[i], __zmmword_ptr[x[t] + ((2 * Half * half) + (64 * i))]);
    }

    /// <summary>Brings the dot products of a token, as floats, into its register.</summary>
    protected static void End(Assembler a, int token, int tokens)
    {
        for (var chain = 1; chain < Chains(tokens); chain++) a.vpaddd(Dots[token], Dots[token], Dots[token + (tokens * chain)]);
        a.vcvtdq2ps(Dots[token], Dots[token]);
    }

    /// <summary>Takes away what a token's block owes to the offsets of groups of 32, whose scales are in the upper half of a register.</summary>
    protected static void SubtractOffsets(Assembler a, int token, AssemblerRegister64 x, AssemblerRegisterZMM offsets)
    {
        // The sums of 32 are in the upper half of what is read.
        a.vfnmadd231ps(Totals[token].k1, offsets, __zmmword_ptr[x + IntegerActivations.ScaleOffset]);
    }

    // A product waits for the one before of its chain.
    private static int Chains(int tokens) => tokens == 4 ? 1 : 2;
}
