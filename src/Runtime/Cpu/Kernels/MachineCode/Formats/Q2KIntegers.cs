using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// 256 two-bit numbers; per 16 a 4-bit scale and a 4-bit minimum, in one byte. Numbers times scales, at most 45, are looked up: each 16 bytes of a vector have a
/// table of their own.
/// </summary>
internal sealed class Q2KIntegers : IntegerFormat
{
    private const int QuantsOffset = 16, ScaleOffset = 80, MinimumOffset = 82;

    private static readonly AssemblerRegisterZMM Nibble = zmm20, Multiples = zmm19;

    private readonly TwoBitFields _fields = new();

    public override TensorType Type => TensorType.Q2_K;

    public override bool HasScaledWeights => true;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vpmovzxbd(Temporary, __xmmword_ptr[block]);
        a.vpandd(Scales, Temporary, Nibble);
        a.vpmulld(Scales, Scales, Multiples);
        a.vpsrld(OffsetScales, Temporary, 4);
        a.vcvtdq2ps(OffsetScales, OffsetScales);
        ScaleBy(a, OffsetScales, __word_ptr[block + MinimumOffset]);
        Broadcast(a, PartScale, __word_ptr[block + ScaleOffset]);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        _fields.Unpack(a, block + QuantsOffset, part, weights);
        Scale(a, part, Temporary);
        a.vpshufb(weights, Temporary, weights);
    }

    protected override int GroupSize => 16;

    protected override void DeclareConstants(Assembler a)
    {
        Constant(Nibble, _ => 0x0F);
        Constant(Multiples, _ => 0x03020100);
        _fields.DeclareConstants(Constant);
    }
}
