using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Cpu.Kernels.MachineCode.Formats;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>The registers of a step's operands.</summary>
/// <param name="Weights">The next weights of each row.</param>
/// <param name="X">The activations of each token for them.</param>
/// <param name="Constants">The body's first constant.</param>
internal readonly record struct DotOperands(AssemblerRegister64[] Weights, AssemblerRegister64[] X, AssemblerRegister64 Constants)
{
    public int Rows => Weights.Length;

    public int Tokens => X.Length;

    /// <summary>The number of dot products that are computed together.</summary>
    public int Results => Rows * Tokens;

    /// <summary>The number of a dot product among them.</summary>
    public int IndexOf(int row, int token) => (row * Tokens) + token;
}

/// <summary>
/// The body of <see cref="DotEmitter"/>'s loop for one step of one row or of several: unpacks weights of a type and multiplies them with the activations of
/// a few tokens. Rows times tokens are at most <see cref="MaxResults"/>.
/// </summary>
/// <remarks>All vector registers and k1 to k7 are the body's, and r14 and r15; r12 where it does not pair rows.</remarks>
internal abstract class DotBody
{
    /// <summary>The maximum number of dot products that are computed together.</summary>
    public const int MaxResults = 8;

    /// <summary>The registers of the sums at the end in AVX2, row by row, each in eight parts; the halves of others are added up in them.</summary>
    public static readonly AssemblerRegisterYMM[] Results = [ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7];

    /// <summary>The same registers in full: those of the sums at the end in AVX-512.</summary>
    public static readonly AssemblerRegisterZMM[] Totals = [zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7];

    /// <summary>Whether its instructions are those of AVX2.</summary>
    public virtual bool IsVex => false;

    /// <summary>Weights of a step.</summary>
    public abstract int Step { get; }

    /// <summary>Their bytes.</summary>
    public abstract int WeightBytes { get; }

    /// <summary>Bytes of a token's activations for them.</summary>
    public abstract int ActivationBytes { get; }

    /// <summary>Loads the constants; may use eax.</summary>
    public virtual void Begin(Assembler a, DotOperands at)
    {
    }

    /// <summary>Whether two rows are multiplied together: the second uses the activations that were loaded for the first.</summary>
    public virtual bool PairsRows => false;

    /// <summary>The same for one token, which is bound by memory.</summary>
    public virtual bool PairsRowsOfOne => PairsRows;

    /// <summary>Begins the sums.</summary>
    public abstract void BeginRows(Assembler a, DotOperands at);

    /// <summary>Adds a step's products.</summary>
    public abstract void WriteStep(Assembler a, DotOperands at);

    /// <summary>Moves the sums into <see cref="Totals"/>, or <see cref="Results"/>; the tokens' activations are past their last.</summary>
    public abstract void EndRows(Assembler a, DotOperands at);

    /// <summary>Clears one of the first 16 registers, in the shorter form, which every processor recognizes as a zeroing idiom.</summary>
    protected static void Zero(Assembler a, AssemblerRegisterZMM register)
    {
        var lowest = new AssemblerRegisterXMM(Register.XMM0 + (register.Value - Register.ZMM0));
        a.vpxor(lowest, lowest, lowest);
    }
}
