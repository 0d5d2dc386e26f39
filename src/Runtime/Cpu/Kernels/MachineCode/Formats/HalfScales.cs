using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Sixteen nibbles s in eight bytes, for scales of (s + 1/2) / 4.</summary>
internal sealed class HalfScales
{
    private int _nibbles, _quarter, _eighth;

    /// <summary>Unpacks them as floats; zmm19 and zmm20 are lost.</summary>
    public void Read(Assembler a, AssemblerMemoryOperand packed, AssemblerRegister64 constants, AssemblerRegisterZMM scales)
    {
        a.vpmovzxbw(xmm19, packed);
        a.vpsllw(xmm20, xmm19, 4);
        a.vpord(xmm19, xmm19, xmm20);
        a.vpandd(xmm19, xmm19, __xmmword_ptr[constants + _nibbles]);
        a.vpmovzxbd(scales, xmm19);
        a.vcvtdq2ps(scales, scales);
        a.vmulps(scales, scales, __zmmword_ptr[constants + _quarter]);
        a.vaddps(scales, scales, __zmmword_ptr[constants + _eighth]);
    }

    /// <summary>Declares what <see cref="Read"/> reads, as <see cref="SixBitScaleCode.DeclareConstants"/> does.</summary>
    public void DeclareConstants(Func<Func<int, int>, int> declare)
    {
        _nibbles = declare(_ => 0x0F0F0F0F);
        _quarter = declare(_ => BitConverter.SingleToInt32Bits(0.25f));
        _eighth = declare(_ => BitConverter.SingleToInt32Bits(0.125f));
    }
}
