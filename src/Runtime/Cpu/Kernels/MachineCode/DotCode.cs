using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// Dot products of rows of weights with a few tokens' activations, in instructions for which .NET has no intrinsics. Each weight is read once for up to four
/// tokens.
/// </summary>
internal sealed unsafe class DotCode
{
    private static readonly ConcurrentDictionary<(TensorType Type, bool IsWide), DotCode> Shared = new();

    private readonly nint _one, _two, _four;
    private readonly int _step, _weightBytes, _activationBytes;

    private DotCode(DotBody body)
    {
        var block = new CodeBlock();
        int Add(int tokens) => block.Add(a => Write(a, body, tokens), body.IsVex);
        var (one, two, four) = (Add(1), Add(2), Add(4));
        var code = block.Map();
        (_one, _two, _four) = (code + one, code + two, code + four);
        (_step, _weightBytes, _activationBytes) = (body.Step, body.WeightBytes, body.ActivationBytes);
    }

    /// <summary>The code for a type for which <see cref="DotBody.IsSupported"/> holds, assembled when it is first asked for.</summary>
    public static DotCode For(TensorType type, bool isWide) => Shared.GetOrAdd((type, isWide), static key => new DotCode(DotBody.Create(key.Type, key.IsWide)));

    /// <summary>y[t, r] = the dot product of row r and token t, for so many tokens and rows.</summary>
    /// <param name="weights">The first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows, 1 to <see cref="RowProduct.MostRows"/>.</param>
    /// <param name="k">Weights of a row, a multiple of the body's step, at least that.</param>
    /// <param name="x">The first token, as the body reads it.</param>
    /// <param name="xStride">Bytes from one token to the next.</param>
    /// <param name="tokens">Number of tokens, at least 1.</param>
    /// <param name="y">The results, [tokens, ..].</param>
    /// <param name="yStride">Floats from the results of one token to the next.</param>
    public void Compute(byte* weights, long rowBytes, int rows, int k, byte* x, long xStride, int tokens, float* y, long yStride)
    {
        // The activations of four tokens stay in the first-level cache while the rows pass.
        const int Part = 2048;
        var part = tokens == 1 ? k : Math.Min(Part, k);
        ComputePart(weights, rowBytes, rows, part / _step, x, xStride, tokens, y, yStride);
        if (part == k) return;
        var sums = stackalloc float[RowProduct.MostRows * tokens];
        for (var begin = part; begin < k; begin += part)
        {
            var (step, steps) = (begin / _step, Math.Min(part, k - begin) / _step);
            ComputePart(weights + (step * (long)_weightBytes), rowBytes, rows, steps, x + (step * (long)_activationBytes), xStride, tokens, sums, rows);
            for (var t = 0; t < tokens; t++)
                for (var r = 0; r < rows; r++)
                    y[(t * yStride) + r] += sums[(t * rows) + r];
        }
    }

    private void ComputePart(byte* weights, long rowBytes, int rows, int steps, byte* x, long xStride, int tokens, float* y, long yStride)
    {
        while (tokens > 0)
        {
            var (code, count) = tokens >= 4 ? (_four, 4) : tokens >= 2 ? (_two, 2) : (_one, 1);
            var arguments = new Arguments
            {
                Weights = weights,
                RowBytes = (nint)rowBytes,
                Rows = rows,
                Steps = steps,
                X = x,
                XStride = (nint)xStride,
                Y = y,
                YStride = (nint)yStride * sizeof(float),
            };
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<Arguments*, void>)code)(&arguments);
            x += count * xStride;
            y += count * yStride;
            tokens -= count;
        }
    }

    // The arguments are in rdi.
    private static void Write(Assembler a, DotBody body, int tokens)
    {
        AssemblerRegister64[] x = [rdx, rsi, r11, rdi];
        Label nextRow = a.CreateLabel(), nextStep = a.CreateLabel(), constants = a.CreateLabel();
        AssemblerMemoryOperand Argument(string field) => __qword_ptr[rbx + (int)Marshal.OffsetOf<Arguments>(field)];

        a.push(rbx);
        a.mov(rbx, rdi);
        a.mov(r8, Argument(nameof(Arguments.Weights)));
        a.mov(r9, Argument(nameof(Arguments.Rows)));
        a.mov(r10, Argument(nameof(Arguments.Y)));
        body.Begin(a, constants);

        a.Label(ref nextRow);
        a.mov(rax, r8);
        a.mov(rcx, Argument(nameof(Arguments.Steps)));
        a.mov(x[0], Argument(nameof(Arguments.X)));
        for (var t = 1; t < tokens; t++)
        {
            a.mov(x[t], x[t - 1]);
            a.add(x[t], Argument(nameof(Arguments.XStride)));
        }

        body.BeginRow(a, tokens);
        a.Label(ref nextStep);
        // Into the second level, which waits for more lines at a time than the first; from there the processor fetches by itself.
        const int PrefetchDistance = 6144, Line = 64;
        for (var at = 0; at < body.WeightBytes; at += Line) a.prefetcht1(__byte_ptr[rax + (PrefetchDistance + at)]);
        body.WriteStep(a, rax, x, tokens);
        a.add(rax, body.WeightBytes);
        for (var t = 0; t < tokens; t++) a.add(x[t], body.ActivationBytes);
        a.dec(rcx);
        a.jne(nextStep);

        body.EndRow(a, x, tokens);
        AddUp(a, tokens);
        a.mov(rax, r10);
        for (var t = 0; t < tokens; t++)
        {
            if (t == 0) a.vmovss(__dword_ptr[rax], xmm4);
            else a.vextractps(__dword_ptr[rax], xmm4, (byte)t);
            if (t < tokens - 1) a.add(rax, Argument(nameof(Arguments.YStride)));
        }

        a.add(r10, sizeof(float));
        a.add(r8, Argument(nameof(Arguments.RowBytes)));
        a.dec(r9);
        a.jne(nextRow);
        a.vzeroupper();
        a.pop(rbx);
        a.ret();
        body.WriteConstants(a, ref constants);
    }

    /// <summary>Adds up the eight parts of each result: xmm4 becomes the sums of all tokens.</summary>
    private static void AddUp(Assembler a, int tokens)
    {
        var (first, second, third, fourth) = (DotBody.Results[0], DotBody.Results[1], DotBody.Results[2], DotBody.Results[3]);
        a.vhaddps(first, first, tokens > 1 ? second : first);
        if (tokens == 4) a.vhaddps(third, third, fourth);
        a.vhaddps(first, first, tokens == 4 ? third : first);
        a.vextractf128(xmm5, first, 1);
        a.vaddps(xmm4, xmm4, xmm5);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public byte* Weights;
        public nint RowBytes, Rows, Steps;
        public byte* X;
        public nint XStride;
        public float* Y;
        public nint YStride;
    }
}
