using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Simd;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Dot products of rows of weights with a few tokens' activations, in instructions for which .NET has no intrinsics. Each weight is read once for up to four
/// tokens, each activation for up to two rows.
/// </summary>
internal sealed unsafe partial class DotEmitter
{
    private static readonly ConcurrentDictionary<(TensorType Type, bool IsWide, bool HasHalfActivations), DotEmitter> Shared = new();

    private const int SumsOfRegister = 4;

    private static readonly int[] VariantTokens = [1, 2, 4];
    private static readonly AssemblerRegisterXMM[] Sums = [xmm0, xmm4];

    private readonly Variant _one, _two, _four;
    private readonly int _step, _weightBytes, _activationBytes;

    private DotEmitter(DotBody body)
    {
        var block = new CodeBlock();
        int Add(int rows, int tokens) => block.Add(a => Write(a, body, rows, tokens), body.IsVex);
        bool PairsRows(int tokens) => tokens == 1 ? body.PairsRowsOfOne : body.PairsRows;
        (int One, int Pair)[] offsets = [.. VariantTokens.Select(tokens => (Add(1, tokens), PairsRows(tokens) ? Add(2, tokens) : -1))];
        var code = block.Map();
        Variant At(int i) => new(VariantTokens[i], code + offsets[i].One, offsets[i].Pair < 0 ? 0 : code + offsets[i].Pair);
        (_one, _two, _four) = (At(0), At(1), At(2));
        (_step, _weightBytes, _activationBytes) = (body.Step, body.WeightBytes, body.ActivationBytes);
    }

    /// <summary>The code for a type for which <see cref="FormatKernels.HasDots"/> holds, assembled at first use.</summary>
    /// <param name="type">Type of the weights.</param>
    /// <param name="isWide">In 512-bit instructions.</param>
    /// <param name="hasHalfActivations">With activations as <see cref="HalfActivations"/>; of F16, in 512-bit instructions.</param>
    public static DotEmitter For(TensorType type, bool isWide, bool hasHalfActivations = false) => Shared.GetOrAdd(
        (type, isWide, hasHalfActivations), static key => new DotEmitter(FormatKernelTable.Of(key.Type).CreateDots(key.IsWide, key.HasHalfActivations)));

    /// <summary>y[t, r] = the dot product of row r and token t.</summary>
    /// <param name="weights">The first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows, 1 to <see cref="RowProduct.MaxRows"/>.</param>
    /// <param name="k">Weights of a row, whole blocks, at least the body's step; of a partial last step the activations are filled up with zeros.</param>
    /// <param name="x">The first token, as the body reads it.</param>
    /// <param name="xStride">Bytes from one token to the next.</param>
    /// <param name="tokens">Number of tokens, at least 1.</param>
    /// <param name="y">The results, [tokens, ..].</param>
    /// <param name="yStride">Floats from the results of one token to the next.</param>
    public void Compute(byte* weights, long rowBytes, int rows, int k, byte* x, long xStride, int tokens, float* y, long yStride)
    {
        // Each part is summed separately, for one token too, so that its results have the same bits as among others.
        const int Part = 2048;
        var part = Math.Min(Part, k) / _step;
        var arguments = new Arguments
        {
            RowBytes = (nint)rowBytes,
            Rows = rows,
            Steps = k / _step,
            StepsOfPart = part,
            IsFirst = 1,
            XStride = (nint)xStride,
            YStride = (nint)yStride * sizeof(float),
        };
        if (tokens == 1)
        {
            ComputePart(arguments, weights, x, tokens, y);
        }
        else
        {
            // The activations of four tokens stay in the first-level cache while the rows pass.
            for (var begin = 0; begin < k / _step; begin += part)
            {
                (arguments.Steps, arguments.IsFirst) = (Math.Min(part, (k / _step) - begin), begin == 0 ? 1 : 0);
                ComputePart(arguments, weights + (begin * (long)_weightBytes), x + (begin * (long)_activationBytes), tokens, y);
            }
        }

        if (k % _step != 0) AddLastSteps(arguments, weights, k, x, tokens, y);
    }

    // A part of its own, for one token too.
    [SkipLocalsInit]
    private void AddLastSteps(Arguments arguments, byte* weights, int k, byte* x, int tokens, float* y)
    {
        var (whole, rows) = (k / _step, (int)arguments.Rows);
        var steps = stackalloc byte[rows * _weightBytes];
        LastSteps.Copy(weights + (whole * (long)_weightBytes), arguments.RowBytes, rows, k % _step * _weightBytes / _step, _weightBytes, steps);
        (arguments.RowBytes, arguments.Steps, arguments.StepsOfPart, arguments.IsFirst) = (_weightBytes, 1, 1, 0);
        ComputePart(arguments, steps, x + (whole * (long)_activationBytes), tokens, y);
    }

    [SkipLocalsInit]
    private void ComputePart(Arguments arguments, byte* weights, byte* x, int tokens, float* y)
    {
        var totals = stackalloc byte[4 * TotalsBytes];
        arguments.Totals = (byte*)(((nuint)totals + (2 * TotalsBytes) - 1) & ~(nuint)((2 * TotalsBytes) - 1));
        while (tokens > 0)
        {
            var variant = tokens >= 4 ? _four : tokens >= 2 ? _two : _one;
            arguments.Weights = weights;
            arguments.X = x;
            arguments.Y = y;
            variant.Run(arguments);
            x += variant.Tokens * arguments.XStride;
            y += variant.Tokens * (arguments.YStride / sizeof(float));
            tokens -= variant.Tokens;
        }
    }

    /// <summary>The code for a number of tokens.</summary>
    /// <param name="Tokens">Their number.</param>
    /// <param name="One">The code for single rows.</param>
    /// <param name="Pair">The code for pairs of rows; 0: there is none.</param>
    private readonly record struct Variant(int Tokens, nint One, nint Pair)
    {
        public void Run(Arguments arguments)
        {
            var rows = arguments.Rows;
            var paired = Pair == 0 ? 0 : rows & ~1;
            if (paired > 0)
            {
                arguments.Rows = paired / 2;
                ((delegate* unmanaged[Cdecl, SuppressGCTransition]<Arguments*, void>)Pair)(&arguments);
                arguments.Weights += paired * arguments.RowBytes;
                arguments.Y += paired;
            }

            if (paired == rows) return;
            arguments.Rows = rows - paired;
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<Arguments*, void>)One)(&arguments);
        }
    }

    // The arguments are in rdi.
    private static void Write(Assembler a, DotBody body, int rows, int tokens)
    {
        AssemblerRegister64[] weights = [rax, r12], x = [rdx, rsi, r11, rdi], saved = [rbx, rbp, r12, r13, r14, r15];
        var at = new DotOperands(weights[..rows], x[..tokens], Constants: r13);
        var areDelayed = !body.IsVex && at.Results == DotBody.MaxResults;
        Label nextRows = a.CreateLabel(), nextPart = a.CreateLabel(), nextStep = a.CreateLabel(), add = a.CreateLabel();

        foreach (var register in saved) a.push(register);
        a.mov(rbx, rdi);
        a.mov(r8, Argument(nameof(Arguments.Weights)));
        a.mov(r9, Argument(nameof(Arguments.Rows)));
        a.mov(r10, Argument(nameof(Arguments.Y)));
        body.Begin(a, at);

        a.Label(ref nextRows);
        a.cmp(Argument(nameof(Arguments.IsFirst)), 0);
        a.je(add);
        Clear(a, at);
        a.Label(ref add);
        LoadPointers(a, at);
        a.mov(rbp, Argument(nameof(Arguments.Steps)));
        a.Label(ref nextPart);
        a.mov(rcx, Argument(nameof(Arguments.StepsOfPart)));
        a.cmp(rcx, rbp);
        a.cmova(rcx, rbp);
        a.sub(rbp, rcx);
        body.BeginRows(a, at);
        a.Label(ref nextStep);
        PrefetchFar(a, at, body.WeightBytes);
        body.WriteStep(a, at);
        foreach (var row in at.Weights) a.add(row, body.WeightBytes);
        foreach (var token in at.X) a.add(token, body.ActivationBytes);
        a.dec(rcx);
        a.jne(nextStep);

        body.EndRows(a, at);
        if (areDelayed) StoreTotals(a, at);
        else AddTotals(a, at, body, nextPart);
        a.add(r10, rows * sizeof(float));
        a.dec(r9);
        a.jne(nextRows);
        if (areDelayed) AddStored(a, at);
        a.vzeroupper();
        foreach (var register in saved.Reverse()) a.pop(register);
        a.ret();
    }

    // The rows begin at r8, which moves on to the next ones; the tokens are the same for all rows.
    private static void LoadPointers(Assembler a, DotOperands at)
    {
        foreach (var row in at.Weights)
        {
            a.mov(row, r8);
            a.add(r8, Argument(nameof(Arguments.RowBytes)));
        }

        a.mov(at.X[0], Argument(nameof(Arguments.X)));
        for (var t = 1; t < at.X.Length; t++)
        {
            a.mov(at.X[t], at.X[t - 1]);
            a.add(at.X[t], Argument(nameof(Arguments.XStride)));
        }
    }

    private static AssemblerMemoryOperand Argument(string field) => __qword_ptr[rbx + (int)Marshal.OffsetOf<Arguments>(field)];

    /// <summary>As <see cref="Memory.PrefetchFar"/>, the weights of a step.</summary>
    private static void PrefetchFar(Assembler a, DotOperands at, int bytes)
    {
        const int Line = 64;
        foreach (var row in at.Weights)
            for (var ahead = 0; ahead < bytes; ahead += Line) a.prefetcht1(__byte_ptr[row + (Memory.FarDistance + ahead)]);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public byte* Weights;
        public nint RowBytes;

        /// <summary>Rows, or pairs of rows.</summary>
        public nint Rows;

        public nint Steps;

        /// <summary>The steps that are summed before they are added to the results.</summary>
        public nint StepsOfPart;

        /// <summary>0: the results are added to those of the steps before.</summary>
        public nint IsFirst;

        /// <summary>The totals of the last rows, and those of the ones before; aligned to both.</summary>
        public byte* Totals;

        public byte* X;
        public nint XStride;
        public float* Y;
        public nint YStride;
    }
}
