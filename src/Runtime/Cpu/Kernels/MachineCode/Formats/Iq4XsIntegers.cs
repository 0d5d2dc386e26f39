using ArchGen.Cpu.Simd;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 nibbles that stand for unevenly spaced levels; per 32 a 6-bit scale, offset by 32: a nibble, and two upper bits.</summary>
internal sealed class Iq4XsIntegers : IntegerFormat
{
    private const int UpperOffset = 2, LowerOffset = 4, QuantsOffset = 8, Group = 16;
    private const byte OrAnd = 0xF8;

    private static readonly AssemblerRegisterZMM Table = zmm22, Offsets = zmm23;

    private int _lowerShifts, _upperShifts, _nibble, _upperMask, _scaleOffset;

    public override TensorType Type => TensorType.IQ4_XS;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vpbroadcastd(ymm16, __dword_ptr[block + LowerOffset]);
        a.vpsrlvd(ymm16, ymm16, __ymmword_ptr[constants + _lowerShifts]);
        a.vpandd(ymm16, ymm16, __ymmword_ptr[constants + _nibble]);
        a.vpbroadcastw(ymm17, __word_ptr[block + UpperOffset]);
        a.vpsllvd(ymm17, ymm17, __ymmword_ptr[constants + _upperShifts]);
        a.vpsrld(ymm17, ymm17, 26);
        a.vpternlogd(ymm16, ymm17, __ymmword_ptr[constants + _upperMask], OrAnd);
        a.vpsubd(ymm16, ymm16, __ymmword_ptr[constants + _scaleOffset]);
        a.vcvtdq2ps(ymm16, ymm16);
        ScaleBy(a, Scales, __word_ptr[block]);
        OffsetScalesOf32(a, Offsets);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        var first = block + (QuantsOffset + (2 * Group * part));
        NibbleBlocks.Unpack(a, __xmmword_ptr[first], __xmmword_ptr[first + Group], weights);
        a.vpshufb(weights, Table, weights);
    }

    protected override void DeclareConstants(Assembler a)
    {
        var levels = NonlinearLevels.Bytes;
        NibbleBlocks.Begin(a, Constant);
        Constant(Table, NibbleBlocks.Table(levels));
        Constant(Offsets, _ => BitConverter.SingleToInt32Bits(NibbleBlocks.OffsetOf(levels)));
        // Of the words twice in each double word, group i's two bits are brought to bits 4 and 5: those below come from the word's next bits, and are masked.
        _lowerShifts = InMemory(lane => 4 * (lane % 8));
        _upperShifts = InMemory(lane => 14 - (2 * (lane % 8)));
        _nibble = InMemory(_ => 0x0F);
        _upperMask = InMemory(_ => 0x30);
        _scaleOffset = InMemory(_ => 32);
    }
}
