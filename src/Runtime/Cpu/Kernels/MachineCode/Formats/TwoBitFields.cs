using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Two-bit numbers, 128 in 32 bytes: byte i has numbers i, i + 32, i + 64 and i + 96, the lowest first.</summary>
/// <remarks>zmm21 to zmm24 hold constants, and the bytes.</remarks>
internal sealed class TwoBitFields
{
    private static readonly AssemblerRegisterZMM Mask = zmm21, Bytes = zmm24;
    private static readonly AssemblerRegisterZMM[] Shifts = [zmm22, zmm23];

    /// <summary>Declares constants.</summary>
    public void DeclareConstants(Action<AssemblerRegisterZMM, Func<int, int>> declare)
    {
        declare(Mask, _ => 0x03030303);
        for (var i = 0; i < 2; i++)
        {
            var first = 4 * i;
            declare(Shifts[i], lane => (first + (lane / 8 * 2)) * 0x00010001);
        }
    }

    /// <summary>The 64 numbers from 64 <paramref name="part"/> on, as bytes; the parts in turn.</summary>
    public void Unpack(Assembler a, AssemblerMemoryOperand quants, int part, AssemblerRegisterZMM weights)
    {
        if (part % 2 == 0) a.vbroadcasti64x4(Bytes, __ymmword_ptr[quants + (16 * part)]);
        a.vpsrlvw(weights, Bytes, Shifts[part % 2]);
        a.vpandd(weights, weights, Mask);
    }
}
