using ArchGen.Formats.KQuants;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>The 6-bit scales and minima of Q4_K and Q5_K: see <see cref="SixBitScales"/> for the packing.</summary>
internal sealed class SixBitScaleEmitter
{
    private int _sourceMasks, _upperMasks, _sourceShifts;

    /// <summary>The register in which <see cref="Read"/> leaves 16 bytes of the first block: eight scales, eight minima.</summary>
    public static AssemblerRegisterXMM Result => xmm10;

    /// <summary>The same register in full; those of the second block follow.</summary>
    public static AssemblerRegisterYMM Results => ymm10;

    /// <summary>Unpacks those of two blocks, or of one twice; zmm10 and zmm11 are lost.</summary>
    public void Read(Assembler a, AssemblerMemoryOperand first, AssemblerMemoryOperand second, AssemblerRegister64 constants)
    {
        const byte SourceWords = 0b10_01_10_00, UpperWords = 0b01_01_00_00, OrAnd = 0xF8;
        a.vmovdqu32(xmm11, __xmmword_ptr[first]);
        a.vinserti32x4(ymm11, ymm11, __xmmword_ptr[second], 1);
        a.vpshufd(ymm10, ymm11, SourceWords);
        a.vpshufd(ymm11, ymm11, UpperWords);
        a.vpsrlvd(ymm10, ymm10, __ymmword_ptr[constants + _sourceShifts]);
        a.vpandd(ymm10, ymm10, __ymmword_ptr[constants + _sourceMasks]);
        a.vpsrld(ymm11, ymm11, 2);
        a.vpternlogd(ymm10, ymm11, __ymmword_ptr[constants + _upperMasks], OrAnd);
    }

    /// <summary>Declares what <see cref="Read"/> reads.</summary>
    /// <param name="declare">Adds 16 double words to the constants, and returns their offset.</param>
    public void DeclareConstants(Func<Func<int, int>, int> declare)
    {
        _sourceMasks = declare(lane => (lane % 2 == 0 ? 0x3F : 0x0F) * 0x01010101);
        _upperMasks = declare(lane => (lane % 2 == 0 ? 0 : 0x30) * 0x01010101);
        _sourceShifts = declare(lane => lane % 4 == 3 ? 4 : 0);
    }
}
