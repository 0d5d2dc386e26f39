using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 six-bit numbers, offset by 32 (nibbles, and two upper bits); per 16 a signed 8-bit scale.</summary>
internal sealed class Q6KIntegers : IntegerFormat
{
    private const byte OrAnd = 0xF8;

    private static readonly AssemblerRegisterZMM Mask = zmm20, UpperMask = zmm21, LeftShifts = zmm22, RightShifts = zmm23, Offset = zmm24;
    private static readonly AssemblerRegisterZMM Lower = zmm19, Upper = zmm27;

    public override TensorType Type => TensorType.Q6_K;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vpmovsxbd(Scales, __xmmword_ptr[block + 192]);
        a.vcvtdq2ps(Scales, Scales);
        ScaleBy(a, Scales, __word_ptr[block + 208]);
        a.vmulps(OffsetScales, Scales, Offset);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        if (part % 2 == 0)
        {
            a.vmovdqu32(Lower, __zmmword_ptr[block + (32 * part)]);
            a.vbroadcasti64x4(Upper, __ymmword_ptr[block + (128 + (16 * part))]);
            a.vpandd(weights, Lower, Mask);
            a.vpsllvw(Temporary, Upper, LeftShifts);
        }
        else
        {
            a.vpsrlw(weights, Lower, 4);
            a.vpandd(weights, weights, Mask);
            a.vpsrlvw(Temporary, Upper, RightShifts);
        }

        a.vpternlogd(weights, Temporary, UpperMask, OrAnd);
    }

    protected override int GroupSize => 16;

    protected override void DeclareConstants(Assembler a)
    {
        Constant(Mask, _ => Bytes4(0x0F));
        Constant(UpperMask, _ => Bytes4(0x30));
        Constant(LeftShifts, lane => Words2(lane < 8 ? 4 : 2));
        Constant(RightShifts, lane => Words2(lane < 8 ? 0 : 2));
        Constant(Offset, _ => BitConverter.SingleToInt32Bits(32));
    }
}
