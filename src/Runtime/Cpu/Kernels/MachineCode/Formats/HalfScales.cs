using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>Sixteen nibbles s in eight bytes, for scales of (s + 1/2) / 4.</summary>
internal sealed class HalfScales
{
    private int _nibbles, _quarter, _eighth, _order;

    /// <summary>Unpacks them as floats, in the order <see cref="Integers.IntegerOrder.BytesOf16"/>; zmm8 and zmm9 are lost.</summary>
    public void Read(Assembler a, AssemblerMemoryOperand packed, AssemblerRegister64 constants, AssemblerRegisterZMM scales)
    {
        a.vpmovzxbw(xmm8, packed);
        a.vpsllw(xmm9, xmm8, 4);
        a.vpord(xmm8, xmm8, xmm9);
        a.vpandd(xmm8, xmm8, __xmmword_ptr[constants + _nibbles]);
        a.vpshufb(xmm8, xmm8, __xmmword_ptr[constants + _order]);
        a.vpmovzxbd(zmm8, xmm8);
        a.vcvtdq2ps(scales, zmm8);
        a.vmovdqu32(zmm9, __zmmword_ptr[constants + _quarter]);
        a.vfmadd213ps(scales, zmm9, __zmmword_ptr[constants + _eighth]);
    }

    /// <summary>Declares what <see cref="Read"/> reads, as <see cref="SixBitScaleEmitter.DeclareConstants"/> does.</summary>
    public void DeclareConstants(Func<Func<int, int>, int> declare)
    {
        _nibbles = declare(_ => 0x0F0F0F0F);
        _order = declare(IntegerFormat.LanesOf16);
        _quarter = declare(_ => BitConverter.SingleToInt32Bits(0.25f));
        _eighth = declare(_ => BitConverter.SingleToInt32Bits(0.125f));
    }
}
