using ArchGen.Cpu.Simd;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// Four blocks of 64 four-bit floats (E2M1), of which eight bytes have the first eight in their lower and the last eight in their upper halves; per 16 an unsigned
/// E4M3 scale.
/// </summary>
internal sealed class Nvfp4Integers : IntegerFormat
{
    private const int BlockBytes = 36, QuantsOffset = 4, NotANumber = 0x7F;

    private static readonly AssemblerRegisterZMM Nibble = zmm20, Shifts = zmm21, Table = zmm22, Offset = zmm23, Twice = zmm24, Rebase = zmm25;

    private int _notANumber;

    public override TensorType Type => TensorType.NVFP4;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vmovd(xmm16, __dword_ptr[block]);
        for (var i = 1; i < 4; i++) a.vpinsrd(xmm16, xmm16, __dword_ptr[block + (i * BlockBytes)], (byte)i);
        a.vpcmpub(k2, xmm16, __xmmword_ptr[constants + _notANumber], 4);
        a.vmovdqu8(xmm16.k2.z, xmm16);
        // Exponent and mantissa where half precision has them, whose bias is 15, not 7: times 2^8, and half of that, as numbers are doubled.
        a.vpmovzxbw(ymm16, xmm16);
        a.vpsllw(ymm16, ymm16, 9);
        a.vpsrlw(ymm16, ymm16, 2);
        a.vcvtph2ps(Scales, ymm16);
        a.vmulps(Scales, Scales, Rebase);
        a.vmulps(OffsetScales, Scales, Offset);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        a.vmovdqu32(ymm17, __ymmword_ptr[block + ((BlockBytes * part) + QuantsOffset)]);
        a.vpermq(weights, Twice, Temporary);
        a.vpsrlvq(weights, weights, Shifts);
        a.vpandd(weights, weights, Nibble);
        a.vpshufb(weights, Table, weights);
    }

    protected override int GroupSize => 16;

    protected override void DeclareConstants(Assembler a)
    {
        var levels = DoubledE2M1Levels.Bytes;
        Constant(Nibble, _ => Bytes4(0x0F));
        Constant(Shifts, lane => lane % 4 == 2 ? 4 : 0);
        Constant(Table, NibbleBlocks.Table(levels));
        Constant(Offset, _ => BitConverter.SingleToInt32Bits(NibbleBlocks.OffsetOf(levels)));
        Constant(Twice, lane => lane % 2 == 0 ? lane / 4 : 0);
        Constant(Rebase, _ => BitConverter.SingleToInt32Bits(128));
        _notANumber = InMemory(_ => Bytes4(NotANumber));
    }
}
