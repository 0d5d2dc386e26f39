using ArchGen.Formats.Codebooks;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>Points of eight numbers, looked up one by one in a table that the first-level cache holds.</summary>
/// <remarks>r12, r14 and r15 are used, zmm8 to zmm12 lost.</remarks>
/// <param name="table">What entries stand for, as in <see cref="CodebookTables"/>.</param>
internal sealed class EightPoints(Func<nint> table)
{
    private const int PointBytes = 8, Part = 8;

    private static readonly AssemblerRegisterXMM[] Quarters = [xmm8, xmm9, xmm10, xmm11];

    /// <summary>Where the 32 entries of a block are, in order, as words or as bytes.</summary>
    public static AssemblerRegisterZMM Entries => zmm27;

    /// <summary>Loads what stays the same.</summary>
    public void Begin(Assembler a) => a.mov(r15, table());

    /// <summary>The points of a part, as bytes, whose entries are bytes.</summary>
    public void LookUpBytes(Assembler a, int part, AssemblerRegisterZMM points)
    {
        CodebookIntegers.Move(a, r14, Entries, part);
        for (var i = 0; i < Part; i++)
        {
            a.movzx(r12d, r14b);
            if (i < Part - 1) a.shr(r14, 8);
            Load(a, i);
        }

        PutTogether(a, points);
    }

    /// <summary>The points of a part, as bytes, whose entries are words.</summary>
    public void LookUpWords(Assembler a, int part, AssemblerRegisterZMM points)
    {
        const int WordsOf64 = 4;
        var words = CodebookIntegers.Quarter(a, Entries, part);
        for (var i = 0; i < Part; i++)
        {
            if (i == 0) a.vmovq(r14, words);
            else if (i == WordsOf64) a.vpextrq(r14, words, 1);
            else a.shr(r14, 16);
            a.movzx(r12d, r14w);
            Load(a, i);
        }

        PutTogether(a, points);
    }

    private static void Load(Assembler a, int i)
    {
        var (quarter, point) = (Quarters[i / 2], __qword_ptr[r15 + (r12 * PointBytes)]);
        if (i % 2 == 0) a.vmovq(quarter, point);
        else a.vmovhps(quarter, quarter, point);
    }

    private static void PutTogether(Assembler a, AssemblerRegisterZMM points)
    {
        a.vinserti32x4(ymm8, ymm8, xmm9, 1);
        a.vinserti32x4(ymm10, ymm10, xmm11, 1);
        a.vinserti64x4(points, zmm8, ymm10, 1);
    }
}
