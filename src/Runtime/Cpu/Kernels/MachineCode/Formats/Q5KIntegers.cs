using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

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
        _scales.Read(a, block, null, constants);
        a.vpmovzxbd(Scales, SixBitScaleCode.Result);
        a.vcvtdq2ps(Scales, Scales);
        a.vcvtph2ps(xmm17, __qword_ptr[block]);
        a.vpermps(Temporary, FactorIndices, Temporary);
        a.vmulps(Scales, Scales, Temporary);
        a.vbroadcasti64x4(Upper, __ymmword_ptr[block + UpperOffset]);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
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
