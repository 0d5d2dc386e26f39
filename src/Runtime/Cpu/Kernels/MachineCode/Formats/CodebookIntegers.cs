using ArchGen.Cpu.Kernels.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>Weights as entries of a codebook.</summary>
internal abstract class CodebookIntegers : RowFormat
{
    // Registers, and the integer ones of looking up, are one row's.
    public override bool PairsRows => false;

    /// <summary>The permutation of 32 bytes, one for eight weights each, for the order <see cref="IntegerOrder.BytesOf32"/>.</summary>
    /// <param name="distance">From a group's four bytes to those of the next.</param>
    protected static Func<int, int> EightsOf32(int distance) => VectorConstants.OfBytes(i => ((i % 8 * distance) + (i / 8)) & 63);

    /// <summary>A part of 32 bytes; xmm12 is lost.</summary>
    internal static void Move(Assembler a, AssemblerRegister64 destination, AssemblerRegisterZMM source, int part)
    {
        var quarter = Quarter(a, source, part / 2);
        if (part % 2 == 0) a.vmovq(destination, quarter);
        else a.vpextrq(destination, quarter, 1);
    }

    /// <summary>128 bits of a register: its own lower part, or xmm12 with a copy.</summary>
    internal static AssemblerRegisterXMM Quarter(Assembler a, AssemblerRegisterZMM source, int index)
    {
        if (index == 0) return new AssemblerRegisterXMM(Register.XMM0 + (source.Value - Register.ZMM0));
        a.vextracti32x4(xmm12, source, (byte)index);
        return xmm12;
    }
}
