using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Q6_K;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 six-bit numbers, offset by 32 (nibbles, and two upper bits); per 16 a signed 8-bit scale.</summary>
internal sealed unsafe class Q6KIntegers : RowFormat
{
    private static readonly int QuantsOffset = Offsets.Of<Q6_KBlock>(b => b->Quants), UpperOffset = Offsets.Of<Q6_KBlock>(b => b->UpperBits);
    private static readonly int ScalesOffset = Offsets.Of<Q6_KBlock>(b => b->GroupScales), ScaleOffset = Offsets.Of<Q6_KBlock>(b => &b->Scale);

    private Constant _nibble, _upperMask, _leftShifts, _rightShifts;
    private int _order;

    public override TensorType Type => TensorType.Q6_K;

    public override int Offset => 32;

    public override int MaxNumber => 31;

    public override IntegerOrder Order => IntegerOrder.BytesOf16;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        for (var half = 0; half < 2; half++)
        {
            var (low, high) = (into.Weights[2 * half], into.Weights[(2 * half) + 1]);
            a.vmovdqu32(low, __zmmword_ptr[block + (QuantsOffset + (64 * half))]);
            a.vbroadcasti64x4(zmm9, __ymmword_ptr[block + (UpperOffset + (32 * half))]);
            a.vpsrlw(high, low, 4);
            var nibble = In(a, _nibble, zmm8);
            a.vpandd(low, low, nibble);
            a.vpandd(high, high, nibble);
            a.vpsllvw(zmm10, zmm9, In(a, _leftShifts, zmm8));
            a.vpsrlvw(zmm11, zmm9, In(a, _rightShifts, zmm8));
            var mask = In(a, _upperMask, zmm8);
            a.vpternlogd(low, zmm10, mask, OrAnd);
            a.vpternlogd(high, zmm11, mask, OrAnd);
        }

        Transpose(a, into.Weights);
        a.vmovdqu32(xmm8, __xmmword_ptr[block + ScalesOffset]);
        a.vpshufb(xmm8, xmm8, __xmmword_ptr[constants + _order]);
        a.vpmovsxbd(into.Scales, xmm8);
        a.vcvtdq2ps(into.Scales, into.Scales);
        ScaleBy(a, into.Scales, __word_ptr[block + ScaleOffset], zmm9);
    }

    protected override void DeclareConstants(Assembler a)
    {
        _nibble = Declare(_ => Bytes4(0x0F));
        _upperMask = Declare(_ => Bytes4(0x30));
        _leftShifts = Declare(lane => Words2(lane < 8 ? 4 : 2));
        _rightShifts = Declare(lane => Words2(lane < 8 ? 0 : 2));
        _order = InMemory(LanesOf16);
    }
}
