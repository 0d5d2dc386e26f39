using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.IQ4_XS;
using ArchGen.Formats.Nonlinear;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 nibbles that select unevenly spaced levels; per 32 a 6-bit scale, offset by 32: a nibble, and two upper bits.</summary>
internal sealed unsafe class Iq4XsIntegers : NibbleFormat
{
    private static readonly int UpperOffset = Offsets.Of<IQ4_XSBlock>(b => &b->UpperScales), LowerOffset = Offsets.Of<IQ4_XSBlock>(b => b->LowerScales);
    private static readonly int QuantsOffset = Offsets.Of<IQ4_XSBlock>(b => b->Quants), ScaleOffset = Offsets.Of<IQ4_XSBlock>(b => &b->Scale);

    private readonly Constant[] _quants = new Constant[2];
    private int _lowerShifts, _upperRotations, _lowest, _upperMask, _scaleOffset;

    public Iq4XsIntegers() => Levels = NonlinearLevels.Bytes;

    public override TensorType Type => TensorType.IQ4_XS;

    public override IntegerOrder Order => IntegerOrder.BytesOf32;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        a.vmovdqu32(zmm8, __zmmword_ptr[block + QuantsOffset]);
        a.vmovdqu32(zmm9, __zmmword_ptr[block + (QuantsOffset + 64)]);
        for (var half = 0; half < 2; half++)
        {
            Copy(a, into.Weights[half], _quants[half]);
            a.vpermi2q(into.Weights[half], zmm8, zmm9);
            Split(a, into.Weights[half], into.Weights[2 + half]);
        }

        a.vpbroadcastd(zmm8, __dword_ptr[block + LowerOffset]);
        a.vpsrlvd(zmm8, zmm8, __zmmword_ptr[constants + _lowerShifts]);
        a.vpandd(zmm8, zmm8, __zmmword_ptr[constants + _lowest]);
        a.vpbroadcastw(zmm9, __word_ptr[block + UpperOffset]);
        a.vprolvd(zmm9, zmm9, __zmmword_ptr[constants + _upperRotations]);
        a.vpternlogd(zmm8, zmm9, __zmmword_ptr[constants + _upperMask], OrAnd);
        a.vpsubd(zmm8, zmm8, __zmmword_ptr[constants + _scaleOffset]);
        a.vcvtdq2ps(into.Scales, zmm8);
        ScaleBy(a, into.Scales, __word_ptr[block + ScaleOffset], zmm9);
    }

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        for (var half = 0; half < _quants.Length; half++)
        {
            var first = half;
            _quants[half] = Declare(lane => lane % 2 == 0 ? lane + first : 0);
        }

        // A group has two lanes. Its nibble moves to bits 0 to 3, its two bits of the word, which is there twice, to bits 4 and 5.
        _lowerShifts = InMemory(lane => 4 * (lane / 2));
        _upperRotations = InMemory(lane => (4 - (2 * (lane / 2))) & 31);
        _lowest = InMemory(_ => 0x0F);
        _upperMask = InMemory(_ => 0x30);
        _scaleOffset = InMemory(_ => 32);
    }
}
