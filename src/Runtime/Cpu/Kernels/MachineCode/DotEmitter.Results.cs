using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <content>The results of a few rows and tokens.</content>
internal sealed unsafe partial class DotEmitter
{
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

    /// <summary>Adds the sums of a few rows to the results, for each token, from r10 on; r14 and xmm8 are lost.</summary>
    private static void Add(Assembler a, DotOperands at)
    {
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
