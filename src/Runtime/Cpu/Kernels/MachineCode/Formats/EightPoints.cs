using ArchGen.Cpu.Blocks;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Points of eight numbers, looked up one by one in a table that the first-level cache holds.</summary>
/// <remarks>r14 and r15 are used, zmm19 to zmm22 lost.</remarks>
/// <param name="table">What entries stand for, as in <see cref="CodebookTables"/>.</param>
/// <param name="offset">Where in the block each entry is, if entries are bytes there; null: words are put at <see cref="Entries"/>.</param>
internal sealed class EightPoints(nint table, Func<int, int>? offset = null)
{
    private const int Bytes = 8;

    /// <summary>Points of a part.</summary>
    public const int Part = 8;

    private static readonly AssemblerRegisterXMM[] Quarters = [xmm19, xmm20, xmm21, xmm22];

    /// <summary>Where the words of 32 entries are.</summary>
    public static AssemblerMemoryOperand Entries => __zmmword_ptr[rsp];

    /// <summary>Loads what stays the same.</summary>
    public void Begin(Assembler a) => a.mov(r15, table);

    /// <summary>Puts 32 entries together.</summary>
    /// <param name="a">Takes the instructions.</param>
    /// <param name="lower">Their lower bytes.</param>
    /// <param name="upper">Words with their upper bits in place.</param>
    /// <param name="upperMask">These bits.</param>
    public static void Store(Assembler a, AssemblerMemoryOperand lower, AssemblerRegisterZMM upper, AssemblerMemoryOperand upperMask)
    {
        const byte OrAnd = 0xF8;
        a.vpmovzxbw(zmm19, lower);
        a.vpternlogd(zmm19, upper, upperMask, OrAnd);
        a.vmovdqu32(Entries, zmm19);
    }

    /// <summary>The points of a part, as bytes.</summary>
    public void LookUp(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM points)
    {
        for (var i = 0; i < Part; i++)
        {
            var entry = (part * Part) + i;
            if (offset is not null) a.movzx(r14d, __byte_ptr[block + offset(entry)]);
            else a.movzx(r14d, __word_ptr[rsp + (sizeof(ushort) * entry)]);
            var (quarter, point) = (Quarters[i / 2], __qword_ptr[r15 + (r14 * Bytes)]);
            if (i % 2 == 0) a.vmovq(quarter, point);
            else a.vmovhps(quarter, quarter, point);
        }

        a.vinserti32x4(ymm19, ymm19, xmm20, 1);
        a.vinserti32x4(ymm21, ymm21, xmm22, 1);
        a.vinserti64x4(points, zmm19, ymm21, 1);
    }
}
