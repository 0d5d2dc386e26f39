using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Integers;
using ArchGen.Cpu.Simd;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// How the weights of a type become unsigned bytes and scales, in instructions. Bytes are weight + offset; the offset's part of the product is taken away
/// with the sums of the activations.
/// </summary>
/// <remarks>Registers 14 to 31 are the format's, and k1 to k7; <see cref="Scales"/> holds the scales of a block, as floats.</remarks>
internal abstract class IntegerFormat
{
    protected static readonly AssemblerRegisterZMM Scales = zmm16, Temporary = zmm17, OffsetScales = zmm18;
    private static readonly AssemblerRegisterZMM[] PartIndices = [zmm28, zmm29, zmm30, zmm31];

    private readonly VectorConstants _constants = new();

    /// <summary>Weights + offset of a part, 64 bytes.</summary>
    public static AssemblerRegisterZMM Weights => zmm14;

    /// <summary>The scales of a part: 16 floats, each for 4 weights; or the scale of the whole block, see <see cref="HasScaledWeights"/>.</summary>
    public static AssemblerRegisterZMM PartScale => zmm15;

    /// <summary>What makes that of a type, or null: to ask makes none, and loads no tables.</summary>
    public static Func<IntegerFormat>? Find(TensorType type) => type switch
    {
        TensorType.Q4_1 => () => new Blocks32Integers(type, quantsOffset: 4) { HasMinimum = true },
        TensorType.Q5_0 => () => new Blocks32Integers(type, quantsOffset: 6) { FifthBitsOffset = 2, Offset = 16 },
        TensorType.Q5_1 => () => new Blocks32Integers(type, quantsOffset: 8) { HasMinimum = true, FifthBitsOffset = 4 },
        TensorType.IQ4_NL => () => new Blocks32Integers(type, quantsOffset: 2) { Levels = NonlinearLevels.Bytes },
        TensorType.MXFP4 => () => new Blocks32Integers(type, quantsOffset: 1) { Levels = DoubledE2M1Levels.Bytes, HasExponent = true },
        TensorType.IQ4_XS => () => new Iq4XsIntegers(),
        TensorType.Q2_K => () => new Q2KIntegers(),
        TensorType.Q3_K => () => new Q3KIntegers(),
        TensorType.Q5_K => () => new Q5KIntegers(),
        TensorType.Q6_K => () => new Q6KIntegers(),
        TensorType.NVFP4 => () => new Nvfp4Integers(),
        TensorType.TQ1_0 => () => new Tq1Integers(),
        TensorType.TQ2_0 => () => new Tq2Integers(),
        TensorType.IQ1_S when Avx512Vbmi.IsSupported => () => new Iq1SIntegers(),
        TensorType.IQ1_M when Avx512Vbmi.IsSupported => () => new Iq1MIntegers(),
        TensorType.IQ2_XXS when Avx512Vbmi.IsSupported => () => new Iq2XxsIntegers(),
        TensorType.IQ2_XS when Avx512Vbmi.IsSupported => () => new Iq2XsIntegers(),
        TensorType.IQ2_S when Avx512Vbmi.IsSupported => () => new Iq2SIntegers(),
        TensorType.IQ3_XXS when Avx512Vbmi.IsSupported => () => new Iq3XxsIntegers(),
        TensorType.IQ3_S when Avx512Vbmi.IsSupported => () => new Iq3SIntegers(),
        _ => null,
    };

    public abstract TensorType Type { get; }

    /// <summary>Whether the scales of groups are multiplied into the bytes of weights, and <see cref="BeginBlock"/> computes <see cref="PartScale"/>.</summary>
    public virtual bool HasScaledWeights => false;

    /// <summary>As <see cref="DotBody.RoomBytes"/>.</summary>
    public virtual int RoomBytes => 0;

    /// <summary>Bytes of 256 weights.</summary>
    public int Bytes => (int)Type.ByteLength(IntegerActivations.BlockSize);

    /// <summary>Loads what stays the same, and the address of the constants.</summary>
    public void Begin(Assembler a, Label constants, AssemblerRegister64 address)
    {
        _constants.Clear();
        for (var part = 0; part < PartIndices.Length; part++) Constant(PartIndices[part], lane => ScaleIndex(part, lane));
        DeclareConstants(a);
        _constants.Load(a, constants, address);
    }

    /// <summary>Writes the constants behind the code.</summary>
    public void WriteConstants(Assembler a, ref Label constants) => _constants.Write(a, ref constants);

    /// <summary>Computes <see cref="Scales"/> of the block at <paramref name="block"/>, and <see cref="OffsetScales"/>.</summary>
    public abstract void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants);

    /// <summary>Unpacks the 64 weights of a part.</summary>
    public abstract void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights);

    /// <summary>Spreads the scales of a part.</summary>
    public void Scale(Assembler a, int part, AssemblerRegisterZMM scale) => a.vpermps(scale, PartIndices[part], Scales);

    /// <summary>Subtracts the offsets' part: with scales of 32 weights, these are in the upper half.</summary>
    public virtual void SubtractOffsets(Assembler a, AssemblerRegister64 x, AssemblerRegisterZMM sum) =>
        a.vfnmadd231ps(sum, OffsetScales, __zmmword_ptr[x + (GroupSize == 16 ? IntegerActivations.SumsOf16Offset : IntegerActivations.SumsOf32Offset)]);

    /// <summary>A half-precision number in all lanes.</summary>
    protected static void Broadcast(Assembler a, AssemblerRegisterZMM numbers, AssemblerMemoryOperand half)
    {
        var lower = new AssemblerRegisterYMM(Register.YMM0 + (numbers.Value - Register.ZMM0));
        a.vpbroadcastw(lower, half);
        a.vcvtph2ps(numbers, lower);
    }

    /// <summary>Multiplies numbers with a half-precision one; <see cref="Temporary"/> is lost.</summary>
    protected static void ScaleBy(Assembler a, AssemblerRegisterZMM numbers, AssemblerMemoryOperand half)
    {
        Broadcast(a, Temporary, half);
        a.vmulps(numbers, numbers, Temporary);
    }

    /// <summary>Makes <see cref="OffsetScales"/> of the scales of 32 weights each.</summary>
    protected static void OffsetScalesOf32(Assembler a, AssemblerRegisterZMM offset)
    {
        a.vinsertf64x4(OffsetScales, Scales, ymm16, 1);
        a.vmulps(OffsetScales, OffsetScales, offset);
    }

    /// <summary>Declares more constants with <see cref="Constant"/>; may use eax.</summary>
    protected virtual void DeclareConstants(Assembler a)
    {
    }

    /// <summary>Weights that have a scale: 32 or 16.</summary>
    protected virtual int GroupSize => 32;

    /// <summary>Which of the scales lane <paramref name="lane"/> of a part takes: its group's, unless overridden.</summary>
    protected virtual int ScaleIndex(int part, int lane) => ((64 * part) + (4 * lane)) / GroupSize;

    protected void Constant(AssemblerRegisterZMM register, Func<int, int> word) => _constants.Add(register, word);

    protected int InMemory(Func<int, int> word) => _constants.AddInMemory(word);

    /// <summary>The same byte 64 times.</summary>
    protected static int Bytes4(int value) => value * 0x01010101;

    /// <summary>The same 16-bit number twice.</summary>
    protected static int Words2(int value) => value * 0x00010001;
}
