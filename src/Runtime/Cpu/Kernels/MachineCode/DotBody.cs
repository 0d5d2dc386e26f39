using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>What <see cref="DotCode"/> does with a step of a row: unpacks weights of a type and multiplies them with the activations of up to four tokens.</summary>
/// <remarks>All vector registers and k1 to k7 are the body's.</remarks>
internal abstract class DotBody
{
    /// <summary>Where the sums of a row's tokens are in the end.</summary>
    public static readonly AssemblerRegisterXMM[] Results = [xmm4, xmm5, xmm6, xmm7];

    /// <summary>The same registers in full.</summary>
    protected static readonly AssemblerRegisterZMM[] Totals = [zmm4, zmm5, zmm6, zmm7];

    /// <summary>Whether there is code for a type, in 512-bit instructions or in 256-bit ones. Assembles nothing.</summary>
    public static bool IsSupported(TensorType type, bool isWide) => isWide
        ? IntegerTileCode.IsSupported && (OrderOf(type) is not null || type == TensorType.F16)
        : type == TensorType.F16 && HalfDotBody256.IsPossible;

    /// <summary>In which order activations are read as <see cref="IntegerActivations"/>; null: they are read as <see cref="ActivationRows"/>.</summary>
    public static IntegerOrder? OrderOf(TensorType type) => type switch
    {
        TensorType.Q4_0 => IntegerOrder.NibblesOf32,
        TensorType.Q4_K => IntegerOrder.NibblesOf64,
        TensorType.Q8_0 or TensorType.Q5_K or TensorType.Q6_K => IntegerOrder.Bytes,
        _ => null,
    };

    /// <summary>That of a supported type.</summary>
    public static DotBody Create(TensorType type, bool isWide) => isWide
        ? OrderOf(type) switch
        {
            IntegerOrder.NibblesOf32 => new Q4_0DotBody(),
            IntegerOrder.NibblesOf64 => new Q4KDotBody(),
            IntegerOrder.Bytes => new ByteDotBody(IntegerFormat.Create(type)),
            _ => new HalfDotBody(),
        }
        : new HalfDotBody256();

    /// <summary>Whether its instructions are those of AVX2.</summary>
    public virtual bool IsVex => false;

    /// <summary>Weights of a step.</summary>
    public abstract int Step { get; }

    /// <summary>Their bytes.</summary>
    public abstract int WeightBytes { get; }

    /// <summary>Bytes of a token's activations for them.</summary>
    public abstract int ActivationBytes { get; }

    /// <summary>Loads what stays the same; may use eax.</summary>
    public virtual void Begin(Assembler a, Label constants)
    {
    }

    /// <summary>Begins the sums of a row.</summary>
    public abstract void BeginRow(Assembler a, int tokens);

    /// <summary>Adds a step's products.</summary>
    public abstract void WriteStep(Assembler a, AssemblerRegister64 weights, AssemblerRegister64[] x, int tokens);

    /// <summary>Brings a row's sums into <see cref="Results"/>.</summary>
    public abstract void EndRow(Assembler a, int tokens);

    /// <summary>Writes the constants, if there are any, behind the code.</summary>
    public virtual void WriteConstants(Assembler a, ref Label constants)
    {
    }

    /// <summary>Clears one of the first 16 registers, in the shorter form, of which every processor knows that it waits for nothing.</summary>
    protected static void Zero(Assembler a, AssemblerRegisterZMM register)
    {
        var lowest = new AssemblerRegisterXMM(Register.XMM0 + (register.Value - Register.ZMM0));
        a.vpxor(lowest, lowest, lowest);
    }

    /// <summary>Brings the sum of a register's 16 floats into its lowest.</summary>
    protected static void Sum16(Assembler a, int token)
    {
        var lower = new AssemblerRegisterYMM(Register.YMM4 + token);
        a.vextractf64x4(ymm8, Totals[token], 1);
        a.vaddps(lower, lower, ymm8);
        Sum8(a, lower, token);
    }

    /// <summary>Brings the sum of a register's 8 floats into a result; ymm8 is lost.</summary>
    protected static void Sum8(Assembler a, AssemblerRegisterYMM sum, int token)
    {
        var result = Results[token];
        a.vextractf128(xmm8, sum, 1);
        a.vaddps(result, new AssemblerRegisterXMM(Register.XMM0 + (sum.Value - Register.YMM0)), xmm8);
        a.vhaddps(result, result, result);
        a.vhaddps(result, result, result);
    }
}
