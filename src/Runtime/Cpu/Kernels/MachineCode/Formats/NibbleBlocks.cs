using System.Runtime.Intrinsics;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>The nibbles of blocks of 32 weights, of which 16 bytes have the first 16 in their lower and the last 16 in their upper halves.</summary>
/// <remarks>zmm20, zmm21 and k1 hold constants.</remarks>
internal static class NibbleBlocks
{
    private static readonly AssemblerRegisterZMM Nibble = zmm20, Shifts = zmm21;

    /// <summary>Declares constants; eax is lost.</summary>
    public static void Begin(Assembler a, Action<AssemblerRegisterZMM, Func<int, int>> declare)
    {
        a.mov(eax, 0xFF00);
        a.kmovd(k1, eax);
        declare(Nibble, _ => 0x0F0F0F0F);
        declare(Shifts, lane => lane / 4 % 2 * 0x00040004);
    }

    /// <summary>The numbers of two blocks, whose bytes are at <paramref name="first"/> and <paramref name="second"/>, as 64 bytes.</summary>
    public static void Unpack(Assembler a, AssemblerMemoryOperand first, AssemblerMemoryOperand second, AssemblerRegisterZMM weights)
    {
        a.vbroadcasti32x4(weights, first);
        a.vbroadcasti32x4(weights.k1, second);
        a.vpsrlvw(weights, weights, Shifts);
        a.vpandd(weights, weights, Nibble);
    }

    /// <summary>The levels that nibbles stand for, less the least, as a table for each 128 bits.</summary>
    public static Func<int, int> Table(Vector128<sbyte> levels) =>
        lane => Enumerable.Range(0, sizeof(int)).Sum(i => (levels.GetElement((lane % 4 * sizeof(int)) + i) + OffsetOf(levels)) << (8 * i));

    /// <summary>What the numbers of <see cref="Table"/> have more than the levels.</summary>
    public static int OffsetOf(Vector128<sbyte> levels) => -Enumerable.Range(0, 16).Min(i => levels.GetElement(i));
}
