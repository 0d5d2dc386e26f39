using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>The 6-bit scales and minima of Q4_K and Q5_K: see <see cref="Blocks.SixBitScales"/> for how they are packed.</summary>
internal static class SixBitScaleCode
{
    private static readonly AssemblerRegisterZMM SourceMasks = zmm24, UpperMasks = zmm25, SourceShifts = zmm27;

    /// <summary>Where <see cref="Read"/> leaves 16 bytes: eight scales, eight minima.</summary>
    public static AssemblerRegisterXMM Result => xmm16;

    /// <summary>Unpacks those of a block; zmm16 and zmm17 are lost.</summary>
    public static void Read(Assembler a, AssemblerRegister64 block)
    {
        const int Offset = 4;
        const byte SourceWords = 0b10_01_10_00, UpperWords = 0b01_01_00_00, OrAnd = 0xF8;
        a.vmovdqu32(xmm17, __xmmword_ptr[block + Offset]);
        a.vpshufd(xmm16, xmm17, SourceWords);
        a.vpshufd(xmm17, xmm17, UpperWords);
        a.vpsrlvd(xmm16, xmm16, xmm27);
        a.vpandd(xmm16, xmm16, xmm24);
        a.vpsrld(xmm17, xmm17, 2);
        a.vpternlogd(xmm16, xmm17, xmm25, OrAnd);
    }

    /// <summary>Declares what <see cref="Read"/> reads, in zmm24, zmm25 and zmm27.</summary>
    public static void DeclareConstants(Action<AssemblerRegisterZMM, Func<int, int>> declare)
    {
        declare(SourceMasks, lane => (lane % 2 == 0 ? 0x3F : 0x0F) * 0x01010101);
        declare(UpperMasks, lane => (lane % 2 == 0 ? 0 : 0x30) * 0x01010101);
        declare(SourceShifts, lane => lane == 3 ? 4 : 0);
    }
}
