using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <content>The results of a few rows and tokens.</content>
internal sealed unsafe partial class DotEmitter
{
    private const int VectorBytes = 64, TotalsBytes = DotBody.MaxResults * VectorBytes;

    /// <summary>Clears the results of a few rows, for each token, from r10 on; rax is lost.</summary>
    private static void Clear(Assembler a, DotOperands at)
    {
        a.mov(rax, r10);
        for (var t = 0; t < at.Tokens; t++)
        {
            for (var row = 0; row < at.Rows; row++) a.mov(__dword_ptr[rax + (row * sizeof(float))], 0);
            if (t < at.Tokens - 1) a.add(rax, Argument(nameof(Arguments.YStride)));
        }
    }

    /// <summary>
    /// Stores the totals of the last rows, and adds those of the rows before to their results: the many additions that depend on each other would fill the
    /// processor's queues while they wait for the last products. rax, r14 and the registers of the totals are lost.
    /// </summary>
    private static void StoreTotals(Assembler a, DotOperands at)
    {
        var isFirst = a.CreateLabel();
        a.mov(rax, Argument(nameof(Arguments.Totals)));
        for (var i = 0; i < at.Results; i++) a.vmovaps(__zmmword_ptr[rax + (VectorBytes * i)], DotBody.Totals[i]);
        a.xor(rax, TotalsBytes);
        a.mov(Argument(nameof(Arguments.Totals)), rax);
        a.cmp(r9, Argument(nameof(Arguments.Rows)));
        a.je(isFirst);
        AddFrom(a, at);
        a.Label(ref isFirst);
    }

    /// <summary>Adds the totals that were stored last; those before are added.</summary>
    private static void AddStored(Assembler a, DotOperands at)
    {
        a.mov(rax, Argument(nameof(Arguments.Totals)));
        a.xor(rax, TotalsBytes);
        AddFrom(a, at);
    }

    // The totals at rax to the results of the rows before those at r10.
    private static void AddFrom(Assembler a, DotOperands at)
    {
        for (var i = 0; i < at.Results; i++)
        {
            a.vmovaps(DotBody.Results[i], __ymmword_ptr[rax + (VectorBytes * i)]);
            a.vaddps(DotBody.Results[i], DotBody.Results[i], __ymmword_ptr[rax + ((VectorBytes * i) + (VectorBytes / 2))]);
        }

        for (var first = 0; first < at.Results; first += SumsOfRegister) AddUpFour(a, DotBody.Results.AsSpan(first));
        a.lea(r14, __[r10 - (at.Rows * sizeof(float))]);
        a.mov(rax, Argument(nameof(Arguments.YStride)));
        a.vunpcklps(xmm8, Sums[0], Sums[1]);
        AddPairs(a, xmm8);
        a.lea(r14, __[r14 + (rax * 2)]);
        a.vunpckhps(xmm8, Sums[0], Sums[1]);
        AddPairs(a, xmm8);
    }

    // The results of two rows and two tokens, from r14 on, whose distance is rax.
    private static void AddPairs(Assembler a, AssemblerRegisterXMM results)
    {
        var (first, second) = (__qword_ptr[r14], __qword_ptr[r14 + rax]);
        a.vmovsd(xmm9, first);
        a.vmovhps(xmm9, xmm9, second);
        a.vaddps(results, results, xmm9);
        a.vmovlps(first, results);
        a.vmovhps(second, results);
    }

    // As AddUp, in simpler instructions.
    private static void AddUpFour(Assembler a, Span<AssemblerRegisterYMM> results)
    {
        AddNeighbors(results[0], results[1]);
        AddNeighbors(results[2], results[3]);
        AddNeighbors(results[0], results[2]);
        a.vextractf128(xmm8, results[0], 1);
        a.vaddps(results[0], results[0], ymm8);

        void AddNeighbors(AssemblerRegisterYMM first, AssemblerRegisterYMM second)
        {
            a.vshufps(ymm8, first, second, 0b10_00_10_00);
            a.vshufps(first, first, second, 0b11_01_11_01);
            a.vaddps(first, first, ymm8);
        }
    }

    /// <summary>Adds the totals of the last rows; goes on if there is another part.</summary>
    private static void AddTotals(Assembler a, DotOperands at, DotBody body, Label nextPart)
    {
        if (!body.IsVex) Fold(a, at);
        Add(a, at);
        a.test(rbp, rbp);
        a.jne(nextPart);
    }

    /// <summary>Adds the halves of the totals; ymm8 is lost.</summary>
    private static void Fold(Assembler a, DotOperands at)
    {
        for (var i = 0; i < at.Results; i++)
        {
            a.vextractf64x4(ymm8, DotBody.Totals[i], 1);
            a.vaddps(DotBody.Results[i], DotBody.Results[i], ymm8);
        }
    }

    /// <summary>Adds the sums of a few rows to the results, for each token, from r10 on; r14 and xmm8 are lost.</summary>
    private static void Add(Assembler a, DotOperands at)
    {
        for (var first = 0; first < at.Results; first += SumsOfRegister) AddUp(a, first, Math.Min(SumsOfRegister, at.Results - first));
        a.mov(r14, r10);
        for (var t = 0; t < at.Tokens; t++)
        {
            for (var row = 0; row < at.Rows; row++)
            {
                var (y, i) = (__dword_ptr[r14 + (row * sizeof(float))], at.IndexOf(row, t));
                var (register, lane) = (Sums[i / SumsOfRegister], i % SumsOfRegister);
                if (lane > 0) a.vpermilps(xmm8, register, (byte)lane);
                a.vaddss(xmm8, lane > 0 ? xmm8 : register, y);
                a.vmovss(y, xmm8);
            }

            if (t < at.Tokens - 1) a.add(r14, Argument(nameof(Arguments.YStride)));
        }
    }

    /// <summary>Adds up the eight parts of up to four results, which become one of <see cref="Sums"/>.</summary>
    private static void AddUp(Assembler a, int first, int count)
    {
        var results = DotBody.Results.AsSpan(first);
        a.vhaddps(results[0], results[0], count > 1 ? results[1] : results[0]);
        if (count > 2) a.vhaddps(results[2], results[2], results[3]);
        a.vhaddps(results[0], results[0], count > 2 ? results[2] : results[0]);
        a.vextractf128(xmm8, results[0], 1);
        a.vaddps(Sums[first / SumsOfRegister], Sums[first / SumsOfRegister], xmm8);
    }
}
