using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>The rows of each expert: the uses of a micro-batch sorted by expert, so that each expert's weights are read once.</summary>
/// <param name="experts">The number of experts.</param>
/// <param name="begins">Scratch for experts + 1 numbers.</param>
/// <param name="uses">Scratch for all uses; use u is row u / used of the batch and place u % used in its list of experts.</param>
/// <param name="active">Scratch for the ids of the experts that are used.</param>
internal sealed unsafe class ExpertRouting(int experts, int* begins, int* uses, int* active)
{
    private int* Begins { get; } = begins;

    private int* Uses { get; } = uses;

    private int* ActiveExperts { get; } = active;

    /// <summary>Bytes of the three parts of its scratch.</summary>
    public static long[] Bytes(int experts, int uses) => [(experts + 1L) * sizeof(int), (long)uses * sizeof(int), (long)experts * sizeof(int)];

    public int ActiveCount { get; private set; }

    public int Active(int i) => ActiveExperts[i];

    /// <summary>The first place in the sorted order that belongs to an expert.</summary>
    public int Begin(int expert) => Begins[expert];

    /// <summary>The number of uses of an expert.</summary>
    public int Count(int expert) => Begins[expert + 1] - Begins[expert];

    /// <summary>The use at a place of the sorted order.</summary>
    public int Use(int place) => Uses[place];

    /// <summary>Counting sort.</summary>
    public void Sort(TensorView ids, int rows)
    {
        new Span<int>(Begins, experts + 1).Clear();
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < ids.Width; i++) Begins[((int*)ids.Row(row))[i] + 1]++;
        }

        ActiveCount = 0;
        for (var expert = 0; expert < experts; expert++)
        {
            if (Begins[expert + 1] > 0) ActiveExperts[ActiveCount++] = expert;
            Begins[expert + 1] += Begins[expert];
        }

        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < ids.Width; i++) Uses[Begins[((int*)ids.Row(row))[i]]++] = (row * ids.Width) + i;
        }

        // Placing the uses moved each begin to the next expert's.
        for (var expert = experts; expert > 0; expert--) Begins[expert] = Begins[expert - 1];
        Begins[0] = 0;
    }
}

/// <summary>Sorts the uses of the experts that a node has chosen.</summary>
internal sealed class RouteStep(Node node, RowCount rows, TensorView ids, ExpertRouting routing) : Step(node)
{
    public override string Kind => "route";

    public override void Run(Frame frame, WorkerPool pool) => routing.Sort(ids, frame.RowsOf(rows));
}

/// <summary>y[t, i] = (W[e] x[t, i]) * scale[e] + bias[e], e = experts[t, i]; x has one row per token or one per use.</summary>
/// <param name="node">The node.</param>
/// <param name="routing">The assignment of tokens to experts.</param>
/// <param name="used">Experts per token.</param>
/// <param name="x">The activations [rows, used, in] or [rows, 1, in].</param>
/// <param name="matrix">The weights of expert 0; those of the others follow. Its scale and bias have a row per expert.</param>
/// <param name="y">The result [rows, used, out].</param>
/// <param name="sources">Scratch for the row of x of each use, in sorted order.</param>
/// <param name="prepared">Scratch for the prepared activations, expert by expert.</param>
/// <param name="sorted">Scratch for the results in sorted order.</param>
internal sealed unsafe class ExpertLinearStep(
    Node node, ExpertRouting routing, int used, TensorView x, MatrixOperand matrix, TensorView y, int* sources, byte* prepared, float* sorted) : Step(node)
{
    // Whole blocks of the products of many tokens, which have 48 rows or 32.
    private const int RowsPerRange = 96;

    private readonly long _sourceStride = x.Heads > 1 ? x.HeadStride : x.RowStride;
    private readonly bool _isPerUse = x.Heads > 1;

    /// <summary>Bytes of prepared activations for a number of uses.</summary>
    public static long PreparedBytes(MatMulKernel kernel, int experts, int uses, int k) =>
        kernel.PreparedBytes(uses + (Math.Min(experts, uses) * MatMulKernel.PreparationGrain), k) + (64L * Math.Min(experts, uses));

    public override string Kind { get; } = $"matmul of experts, {matrix.Kernel.Type.Name}";

    public override WorkCounts Counts(Frame frame) => base.Counts(frame) with { Experts = routing.ActiveCount };

    public override void Run(Frame frame, WorkerPool pool)
    {
        if (routing.ActiveCount == 0) return;
        var ranges = (matrix.Rows + RowsPerRange - 1) / RowsPerRange;
        var kernel = matrix.Kernel.With(MethodOf(frame));
        pool.Run(new PrepareJob(this, kernel), routing.ActiveCount, 1);
        pool.Run(new MultiplyJob(this, kernel, ranges), routing.ActiveCount * ranges, 1);
        pool.Run(new ScatterJob(this), routing.Begin(routing.Active(routing.ActiveCount - 1)) + routing.Count(routing.Active(routing.ActiveCount - 1)), 16);
    }

    private byte* Prepared(int index)
    {
        // An expert's offset is at most the uses before it plus a grain for each expert before it.
        var begin = routing.Begin(routing.Active(index));
        var bytes = matrix.Kernel.PreparedBytes(begin + (index * MatMulKernel.PreparationGrain), x.Width);
        return prepared + ((bytes + 63) & ~63L);
    }

    private void Prepare(MatMulKernel kernel, int index)
    {
        var expert = routing.Active(index);
        var (begin, count) = (routing.Begin(expert), routing.Count(expert));
        for (var i = begin; i < begin + count; i++) sources[i] = _isPerUse ? routing.Use(i) : routing.Use(i) / used;
        kernel.Prepare(x.Data, _sourceStride, sources + begin, 0, count, count, x.Width, Prepared(index));
    }

    private void Multiply(MatMulKernel kernel, int index, int range)
    {
        var expert = routing.Active(index);
        var (begin, count) = (routing.Begin(expert), routing.Count(expert));
        var (first, end) = (range * RowsPerRange, Math.Min((range + 1) * RowsPerRange, matrix.Rows));
        var weights = (byte*)matrix.Data + (expert * matrix.Rows * matrix.RowBytes);
        kernel.Multiply(weights, matrix.RowBytes, first, end, x.Width, Prepared(index), count, sorted + ((long)begin * matrix.Rows), matrix.Rows);
        for (var t = begin; t < begin + count; t++)
        {
            var row = sorted + ((long)t * matrix.Rows) + first;
            if (matrix.Scale != 0) Elementwise.Map(new Scale(((float*)matrix.Scale)[expert]), row, row, end - first);
            if (matrix.Bias != 0) Elementwise.Zip<Add>(row, 1, (float*)matrix.Bias + ((long)expert * matrix.Rows) + first, 1, row, end - first);
        }
    }

    private readonly struct PrepareJob(ExpertLinearStep step, MatMulKernel kernel) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var index = begin; index < end; index++) step.Prepare(kernel, index);
        }
    }

    private readonly struct MultiplyJob(ExpertLinearStep step, MatMulKernel kernel, int ranges) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.Multiply(kernel, i / ranges, i % ranges);
        }
    }

    private readonly struct ScatterJob(ExpertLinearStep step) : IParallelJob
    {
        public void Execute(int begin, int end) => step.Scatter(begin, end);
    }

    private void Scatter(int begin, int end)
    {
        for (var place = begin; place < end; place++)
        {
            var (row, i) = (routing.Use(place) / used, routing.Use(place) % used);
            new ReadOnlySpan<float>(sorted + ((long)place * matrix.Rows), matrix.Rows).CopyTo(new Span<float>(y.Row(row, i), matrix.Rows));
        }
    }
}
