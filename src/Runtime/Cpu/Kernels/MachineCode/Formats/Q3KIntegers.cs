using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Q3_K;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// 256 three-bit numbers, offset by 4 (two bits, and the third in a bit mask); per 16 a 6-bit scale, offset by 32: a nibble, and two upper bits.
/// </summary>
internal sealed unsafe class Q3KIntegers : TwoBitFormat
{
    private static readonly int ThirdBitsOffset = Offsets.Of<Q3_KBlock>(b => b->ThirdBits), QuantsOffset = Offsets.Of<Q3_KBlock>(b => b->Quants);
    private static readonly int ScaleOffset = Offsets.Of<Q3_KBlock>(b => &b->Scale);

    // Loads must not reach beyond the block, so the 12 bytes of scales are the last but two of 16.
    private static readonly int ScalesEnd = sizeof(Q3_KBlock), ScalesIndex = Offsets.Of<Q3_KBlock>(b => b->GroupScales) - (ScalesEnd - 16);

    private Constant _thirdBit, _thirdRotations;
    private int _lowerIndices, _upperIndices, _lowerShifts, _upperRotations, _nibble, _upperMask, _scaleOffset, _order;

    public override TensorType Type => TensorType.Q3_K;

    public override int Offset => 4;

    public override int MaxNumber => 3;

    public override IntegerOrder Order => IntegerOrder.BytesOf16;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        ReadNumbers(a, block, into.Weights);
        a.vmovdqu32(xmm9, __xmmword_ptr[block + (ScalesEnd - 16)]);
        a.vpshufb(xmm8, xmm9, __xmmword_ptr[constants + _lowerIndices]);
        a.vpshufb(xmm9, xmm9, __xmmword_ptr[constants + _upperIndices]);
        a.vpsrlvd(xmm8, xmm8, __xmmword_ptr[constants + _lowerShifts]);
        a.vprolvd(xmm9, xmm9, __xmmword_ptr[constants + _upperRotations]);
        a.vpandd(xmm8, xmm8, __xmmword_ptr[constants + _nibble]);
        a.vpternlogd(xmm8, xmm9, __xmmword_ptr[constants + _upperMask], OrAnd);
        a.vpsubb(xmm8, xmm8, __xmmword_ptr[constants + _scaleOffset]);
        a.vpshufb(xmm8, xmm8, __xmmword_ptr[constants + _order]);
        a.vpmovsxbd(into.Scales, xmm8);
        a.vcvtdq2ps(into.Scales, into.Scales);
        ScaleBy(a, into.Scales, __word_ptr[block + ScaleOffset], zmm9);
    }

    private void ReadNumbers(Assembler a, AssemblerRegister64 block, AssemblerRegisterZMM[] parts)
    {
        a.vbroadcasti64x4(zmm10, __ymmword_ptr[block + ThirdBitsOffset]);
        a.vprolvd(zmm10, zmm10, In(a, _thirdRotations, zmm8));
        for (var part = 0; part < parts.Length; part++)
        {
            Unpack(a, block + QuantsOffset, part, parts[part]);
            if (part > 0) a.vprord(zmm11, zmm10, (byte)(2 * part));
            a.vpternlogd(parts[part], part == 0 ? zmm10 : zmm11, In(a, _thirdBit, zmm8), OrAnd);
        }

        Transpose(a, parts);
    }

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _thirdBit = Declare(_ => Bytes4(4));
        // Bit g of each byte, for group g of 32, moves to bit 2; those of a part's second group are one bit further.
        _thirdRotations = Declare(lane => 2 - (lane / 8));
        _lowerIndices = InMemory(lane => Bytes4(ScalesIndex + (4 * (lane % 2))) + 0x03020100);
        _lowerShifts = InMemory(lane => lane / 2 % 2 * 4);
        _nibble = InMemory(_ => Bytes4(0x0F));
        // Pairs of bits of four bytes, for four scales each, go to bits 4 and 5.
        _upperIndices = InMemory(_ => Bytes4(ScalesIndex + 8) + 0x03020100);
        _upperRotations = InMemory(lane => (4 - (2 * lane)) & 31);
        _upperMask = InMemory(_ => Bytes4(0x30));
        _scaleOffset = InMemory(_ => Bytes4(32));
        _order = InMemory(LanesOf16);
    }
}
