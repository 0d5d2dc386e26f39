using ArchGen.Formats.Codebooks;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>Codebooks of eight numbers per entry: looks up entries one by one in a table that fits the first-level cache.</summary>
/// <remarks>r12, r14 and r15 are used, zmm8 to zmm12 lost.</remarks>
/// <param name="table">The entries, as in <see cref="CodebookTables"/>.</param>
internal sealed class Codebook8(Func<nint> table)
{
    private const int EntryBytes = 8, Part = 8;

    private static readonly AssemblerRegisterXMM[] Quarters = [xmm8, xmm9, xmm10, xmm11];

    /// <summary>The register of the 32 entries of a block, in order, as words or as bytes.</summary>
    public static AssemblerRegisterZMM Entries => zmm27;

    /// <summary>Loads the constants.</summary>
    public void Begin(Assembler a) => a.mov(r15, table());

    /// <summary>Looks up a part whose indices are bytes; the numbers are bytes.</summary>
    public void LookUpBytes(Assembler a, int part, AssemblerRegisterZMM destination)
    {
        CodebookIntegers.Move(a, r14, Entries, part);
        for (var i = 0; i < Part; i++)
        {
            a.movzx(r12d, r14b);
            if (i < Part - 1) a.shr(r14, 8);
            Load(a, i);
        }

        PutTogether(a, destination);
    }

    /// <summary>Looks up a part whose indices are words; the numbers are bytes.</summary>
    public void LookUpWords(Assembler a, int part, AssemblerRegisterZMM destination)
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

        PutTogether(a, destination);
    }

    private static void Load(Assembler a, int i)
    {
        var (quarter, entry) = (Quarters[i / 2], __qword_ptr[r15 + (r12 * EntryBytes)]);
        if (i % 2 == 0) a.vmovq(quarter, entry);
        else a.vmovhps(quarter, quarter, entry);
    }

    private static void PutTogether(Assembler a, AssemblerRegisterZMM destination)
    {
        a.vinserti32x4(ymm8, ymm8, xmm9, 1);
        a.vinserti32x4(ymm10, ymm10, xmm11, 1);
        a.vinserti64x4(destination, zmm8, ymm10, 1);
    }
}
