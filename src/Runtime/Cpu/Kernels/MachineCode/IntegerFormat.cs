using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// How the weights of a type become unsigned bytes and scales, in instructions. Bytes are weight + offset; the offset's part of the product is taken away
/// with the sums of the activations.
/// </summary>
/// <remarks>Registers 14 to 31 are the format's; <see cref="Scales"/> holds the scales of a block, as floats.</remarks>
internal abstract class IntegerFormat
{
    protected static readonly AssemblerRegisterZMM Scales = zmm16, Temporary = zmm17, OffsetScales = zmm18;
    private static readonly AssemblerRegisterZMM[] PartIndices = [zmm28, zmm29, zmm30, zmm31];

    private readonly VectorConstants _constants = new();

    /// <summary>Weights + offset of a part, 64 bytes.</summary>
    public static AssemblerRegisterZMM Weights => zmm14;

    /// <summary>The scales of a part: 16 floats, each for 4 weights.</summary>
    public static AssemblerRegisterZMM PartScale => zmm15;

    /// <summary>That of a type whose <see cref="DotBody.OrderOf"/> is <see cref="IntegerOrder.Bytes"/>.</summary>
    public static IntegerFormat Create(TensorType type) => type switch
    {
        TensorType.Q5_K => new Q5KIntegers(),
        TensorType.Q6_K => new Q6KIntegers(),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public abstract TensorType Type { get; }

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
    public abstract void Unpack(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM weights);

    /// <summary>Spreads the scales of a part.</summary>
    public void Scale(Assembler a, int part, AssemblerRegisterZMM scale) => a.vpermps(scale, PartIndices[part], Scales);

    /// <summary>Subtracts the offsets' part: with scales of 32 weights, these are in the upper half.</summary>
    public virtual void SubtractOffsets(Assembler a, AssemblerRegister64 x, AssemblerRegisterZMM sum) =>
        a.vfnmadd231ps(sum, OffsetScales, __zmmword_ptr[x + IntegerActivations.SumsOf32Offset]);

    /// <summary>Declares more constants with <see cref="Constant"/>; may use eax.</summary>
    protected virtual void DeclareConstants(Assembler a)
    {
    }

    /// <summary>Which of the scales lane <paramref name="lane"/> of a part takes: one for 32 weights, unless overridden.</summary>
    protected virtual int ScaleIndex(int part, int lane) => (2 * part) + (lane / 8);

    protected void Constant(AssemblerRegisterZMM register, Func<int, int> word) => _constants.Add(register, word);

    protected int InMemory(Func<int, int> word) => _constants.AddInMemory(word);

    /// <summary>The same byte 64 times.</summary>
    protected static int Bytes4(int value) => value * 0x01010101;

    /// <summary>The same 16-bit number twice.</summary>
    protected static int Words2(int value) => value * 0x00010001;
}

/// <summary>256 nibbles and as many fifth bits; per 32 a 6-bit scale and a 6-bit minimum.</summary>
internal sealed class Q5KIntegers : IntegerFormat
{
    private const int UpperOffset = 16, QuantsOffset = 48;

    private static readonly AssemblerRegisterZMM Mask = zmm20, Shifts = zmm21, Upper = zmm19, FifthBit = zmm22, UpperShifts = zmm23, FactorIndices = zmm26;

    private readonly SixBitScaleCode _scales = new();

    public override TensorType Type => TensorType.Q5_K;

    // Scales in lanes 0..7, minima in 8..15.
    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        _scales.Read(a, block, constants);
        a.vpmovzxbd(Scales, SixBitScaleCode.Result);
        a.vcvtdq2ps(Scales, Scales);
        a.vcvtph2ps(xmm17, __qword_ptr[block]);
        a.vpermps(Temporary, FactorIndices, Temporary);
        a.vmulps(Scales, Scales, Temporary);
        a.vbroadcasti64x4(Upper, __ymmword_ptr[block + UpperOffset]);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM weights)
    {
        const byte OrAnd = 0xF8;
        a.vbroadcasti64x4(weights, __ymmword_ptr[block + (QuantsOffset + (32 * part))]);
        a.vpsrlvw(weights, weights, Shifts);
        a.vpandd(weights, weights, Mask);
        // The bits 2 part and 2 part + 1 go to bit 4: those of the upper half one place less far to the left.
        if (part == 0) a.vpsllw(Temporary, Upper, 4);
        else if (part == 1) a.vpsllw(Temporary, Upper, 2);
        else if (part == 2) a.vmovdqa32(Temporary, Upper);
        else a.vpsrlw(Temporary, Upper, 2);
        a.vpsrlvw(Temporary, Temporary, UpperShifts);
        a.vpternlogd(weights, Temporary, FifthBit, OrAnd);
    }

    public override void SubtractOffsets(Assembler a, AssemblerRegister64 x, AssemblerRegisterZMM sum) =>
        a.vfnmadd231ps(sum, Scales, __zmmword_ptr[x + IntegerActivations.SumsOf32Offset]);

    protected override void DeclareConstants(Assembler a)
    {
        _scales.DeclareConstants(InMemory);
        Constant(Mask, _ => Bytes4(0x0F));
        Constant(Shifts, lane => Words2(lane / 8 * 4));
        Constant(FifthBit, _ => Bytes4(0x10));
        Constant(UpperShifts, lane => Words2(lane / 8));
        Constant(FactorIndices, lane => lane / 8);
    }
}

/// <summary>256 six-bit numbers, offset by 32 (nibbles, and two upper bits); per 16 a signed 8-bit scale.</summary>
internal sealed class Q6KIntegers : IntegerFormat
{
    private const byte OrAnd = 0xF8;

    private static readonly AssemblerRegisterZMM Mask = zmm20, UpperMask = zmm21, LeftShifts = zmm22, RightShifts = zmm23, Offset = zmm24;
    private static readonly AssemblerRegisterZMM Lower = zmm19, Upper = zmm27;

    public override TensorType Type => TensorType.Q6_K;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vpmovsxbd(Scales, __xmmword_ptr[block + 192]);
        a.vcvtdq2ps(Scales, Scales);
        a.vpbroadcastw(xmm17, __word_ptr[block + 208]);
        a.vcvtph2ps(xmm17, xmm17);
        a.vbroadcastss(Temporary, xmm17);
        a.vmulps(Scales, Scales, Temporary);
        a.vmulps(OffsetScales, Scales, Offset);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM weights)
    {
        if (part % 2 == 0)
        {
            a.vmovdqu32(Lower, __zmmword_ptr[block + (32 * part)]);
            a.vbroadcasti64x4(Upper, __ymmword_ptr[block + (128 + (16 * part))]);
            a.vpandd(weights, Lower, Mask);
            a.vpsllvw(Temporary, Upper, LeftShifts);
        }
        else
        {
            a.vpsrlw(weights, Lower, 4);
            a.vpandd(weights, weights, Mask);
            a.vpsrlvw(Temporary, Upper, RightShifts);
        }

        a.vpternlogd(weights, Temporary, UpperMask, OrAnd);
    }

    public override void SubtractOffsets(Assembler a, AssemblerRegister64 x, AssemblerRegisterZMM sum) =>
        a.vfnmadd231ps(sum, OffsetScales, __zmmword_ptr[x + IntegerActivations.SumsOf16Offset]);

    protected override int ScaleIndex(int part, int lane) => (4 * part) + (lane / 4);

    protected override void DeclareConstants(Assembler a)
    {
        Constant(Mask, _ => Bytes4(0x0F));
        Constant(UpperMask, _ => Bytes4(0x30));
        Constant(LeftShifts, lane => Words2(lane < 8 ? 4 : 2));
        Constant(RightShifts, lane => Words2(lane < 8 ? 0 : 2));
        Constant(Offset, _ => BitConverter.SingleToInt32Bits(32));
    }
}
