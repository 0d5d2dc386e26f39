using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 three-bit numbers, offset by 4 (two bits, and the third in a bit mask); per 16 a 6-bit scale, offset by 32: a nibble, and two upper bits.</summary>
internal sealed class Q3KIntegers : IntegerFormat
{
    private const int QuantsOffset = 32, ScaleOffset = 108;

    // What is loaded must not lie behind the block, so the 12 bytes of scales are the last but two of 16.
    private const int ScalesEnd = 110, ScalesIndex = 2;
    private const byte OrAnd = 0xF8;

    private static readonly AssemblerRegisterZMM ThirdBit = zmm20, ThirdBits = zmm19, Offset = zmm25;

    private readonly TwoBitFields _fields = new();
    private readonly int[] _thirdRotations = new int[4];
    private int _lowerIndices, _upperIndices, _lowerShifts, _upperRotations, _nibble, _upperMask, _scaleOffset;

    public override TensorType Type => TensorType.Q3_K;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vmovdqu32(xmm17, __xmmword_ptr[block + (ScalesEnd - 16)]);
        a.vpshufb(xmm16, xmm17, __xmmword_ptr[constants + _lowerIndices]);
        a.vpshufb(xmm17, xmm17, __xmmword_ptr[constants + _upperIndices]);
        a.vpsrlvd(xmm16, xmm16, __xmmword_ptr[constants + _lowerShifts]);
        a.vprolvd(xmm17, xmm17, __xmmword_ptr[constants + _upperRotations]);
        a.vpandd(xmm16, xmm16, __xmmword_ptr[constants + _nibble]);
        a.vpternlogd(xmm16, xmm17, __xmmword_ptr[constants + _upperMask], OrAnd);
        a.vpsubb(xmm16, xmm16, __xmmword_ptr[constants + _scaleOffset]);
        a.vpmovsxbd(Scales, xmm16);
        a.vcvtdq2ps(Scales, Scales);
        ScaleBy(a, Scales, __word_ptr[block + ScaleOffset]);
        a.vmulps(OffsetScales, Scales, Offset);
        a.vbroadcasti64x4(ThirdBits, __ymmword_ptr[block]);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        _fields.Unpack(a, block + QuantsOffset, part, weights);
        a.vprolvd(Temporary, ThirdBits, __zmmword_ptr[constants + _thirdRotations[part]]);
        a.vpternlogd(weights, Temporary, ThirdBit, OrAnd);
    }

    protected override int GroupSize => 16;

    protected override void DeclareConstants(Assembler a)
    {
        _fields.DeclareConstants(Constant);
        Constant(ThirdBit, _ => Bytes4(0x04));
        Constant(Offset, _ => BitConverter.SingleToInt32Bits(4));
        _lowerIndices = InMemory(lane => (ScalesIndex + (4 * (lane % 2))) * 0x01010101 + 0x03020100);
        _lowerShifts = InMemory(lane => lane / 2 % 2 * 4);
        _nibble = InMemory(_ => Bytes4(0x0F));
        // Pairs of bits of four bytes, for four scales each, go to bits 4 and 5.
        _upperIndices = InMemory(_ => ((ScalesIndex + 8) * 0x01010101) + 0x03020100);
        _upperRotations = InMemory(lane => (4 - (2 * lane)) & 31);
        _upperMask = InMemory(_ => Bytes4(0x30));
        _scaleOffset = InMemory(_ => Bytes4(32));
        // Bit g of each byte, for group g of 32, goes to bit 2.
        for (var part = 0; part < 4; part++)
        {
            var group = 2 * part;
            _thirdRotations[part] = InMemory(lane => (2 - group - (lane / 8)) & 31);
        }
    }
}
