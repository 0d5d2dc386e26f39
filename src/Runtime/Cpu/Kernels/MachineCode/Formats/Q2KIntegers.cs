using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 two-bit numbers; per 16 a 4-bit scale and a 4-bit minimum, in one byte.</summary>
internal sealed class Q2KIntegers : IntegerFormat
{
    private const int QuantsOffset = 16, ScaleOffset = 80, MinimumOffset = 82;

    private static readonly AssemblerRegisterZMM Nibble = zmm20;

    private readonly TwoBitFields _fields = new();

    public override TensorType Type => TensorType.Q2_K;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vpmovzxbd(Temporary, __xmmword_ptr[block]);
        a.vpandd(Scales, Temporary, Nibble);
        a.vpsrld(OffsetScales, Temporary, 4);
        foreach (var (numbers, offset) in ((AssemblerRegisterZMM, int)[])[(Scales, ScaleOffset), (OffsetScales, MinimumOffset)])
        {
            a.vcvtdq2ps(numbers, numbers);
            ScaleBy(a, numbers, __word_ptr[block + offset]);
        }
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights) =>
        _fields.Unpack(a, block + QuantsOffset, part, weights);

    public override void SubtractOffsets(Assembler a, AssemblerRegister64 x, AssemblerRegisterZMM sum) =>
        a.vfnmadd231ps(sum, OffsetScales, __zmmword_ptr[x + IntegerActivations.SumsOf16Offset]);

    protected override int ScaleIndex(int part, int lane) => (4 * part) + (lane / 4);

    protected override void DeclareConstants(Assembler a)
    {
        Constant(Nibble, _ => 0x0F);
        _fields.DeclareConstants(Constant);
    }
}
