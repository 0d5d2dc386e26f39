using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>A weight matrix as the product reads it, and what is applied to its result.</summary>
/// <param name="Kernel">The product for its type.</param>
/// <param name="Data">Row 0.</param>
/// <param name="RowBytes">Bytes from one row to the next.</param>
/// <param name="Rows">Elements of the result.</param>
/// <param name="Bias">Added to the result, one element per row; may be null.</param>
/// <param name="Scale">The factor of the result; may be null.</param>
internal sealed unsafe record MatrixOperand(MatMulKernel Kernel, nint Data, long RowBytes, int Rows, nint Bias, nint Scale)
{
    /// <summary>The kind of a step of products: the types of their weights.</summary>
    public static string KindOf(params ReadOnlySpan<MatrixOperand> matrices)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var matrix in matrices) types.Add(matrix.Kernel.Type.Name);
        return $"matmul {string.Join('+', types)}";
    }

    /// <summary>Multiplies the rows from <paramref name="begin"/> to <paramref name="end"/> and applies scale and bias.</summary>
    public void Multiply(ProductMethod method, int begin, int end, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        Kernel.With(method).Multiply((byte*)Data, RowBytes, begin, end, k, prepared, tokens, y, yStride);
        if (Scale == 0 && Bias == 0) return;
        for (var t = 0; t < tokens; t++)
        {
            var row = y + (t * yStride) + begin;
            if (Scale != 0) Elementwise.Map(new Scale(*(float*)Scale), row, row, end - begin);
            if (Bias != 0) Elementwise.Zip<Add>(row, 1, (float*)Bias + begin, 1, row, end - begin);
        }
    }
}

/// <summary>y = (x W^T) * scale + bias for several W that read the same x.</summary>
/// <param name="node">The last of the nodes.</param>
/// <param name="rows">The rows of x.</param>
/// <param name="x">The activations, dense rows.</param>
/// <param name="matrices">The weights.</param>
/// <param name="results">A result for each.</param>
/// <param name="prepared">Scratch for the prepared activations.</param>
internal sealed unsafe class LinearStep(Node node, RowCount rows, TensorView x, MatrixOperand[] matrices, TensorView[] results, byte* prepared)
    : Step(node)
{
    public override string Kind { get; } = MatrixOperand.KindOf(matrices);

    public override void Run(Frame frame, WorkerPool pool)
    {
        var count = frame.RowsOf(rows) * x.Heads;
        if (count == 0) return;
        var method = MethodOf(frame);
        pool.Prepare(matrices[0].Kernel.With(method), x.Data, x.Heads > 1 ? x.HeadStride : x.RowStride, null, count, x.Width, prepared);
        var total = 0;
        foreach (var matrix in matrices) total += matrix.Rows;
        var grain = MatMul.RowsPerRange(total, pool.Threads, count);
        var ranges = 0;
        foreach (var matrix in matrices) ranges += (matrix.Rows + grain - 1) / grain;
        pool.Run(new Job(this, method, count, grain), ranges, 1);
    }

    private readonly struct Job(LinearStep step, ProductMethod method, int count, int grain) : IParallelJob
    {
        public void Execute(int begin, int end) => step.Multiply(method, begin, end, count, grain);
    }

    // A range has `grain` rows; none has rows of two matrices.
    private void Multiply(ProductMethod method, int begin, int end, int count, int grain)
    {
        for (int i = 0, first = 0; i < matrices.Length; i++)
        {
            var ranges = (matrices[i].Rows + grain - 1) / grain;
            var (from, to) = (Math.Max(begin - first, 0), Math.Min(end - first, ranges));
            var stride = results[i].Heads > 1 ? results[i].HeadStride : results[i].RowStride;
            var last = Math.Min(to * grain, matrices[i].Rows);
            if (from < to) matrices[i].Multiply(method, from * grain, last, x.Width, prepared, count, results[i].Data, stride);
            first += ranges;
        }
    }
}

/// <summary>y = activation(x G^T) * (x U^T); with scales and biases.</summary>
/// <param name="node">The node of the product.</param>
/// <param name="rows">The rows of x.</param>
/// <param name="x">The activations.</param>
/// <param name="gate">The weights of the gate, G.</param>
/// <param name="up">The weights of the gated product, U.</param>
/// <param name="y">The result.</param>
/// <param name="ungated">Scratch for x U^T.</param>
/// <param name="prepared">Scratch for the prepared activations.</param>
/// <param name="activation">The activation of the gate.</param>
internal sealed unsafe class GatedLinearStep<TActivation>(
    Node node, RowCount rows, TensorView x, MatrixOperand gate, MatrixOperand up, TensorView y, TensorView ungated, byte* prepared,
    TActivation activation) : Step(node)
    where TActivation : struct, IUnary
{
    private readonly long _stride = y.Heads > 1 ? y.HeadStride : y.RowStride;

    public override string Kind { get; } = MatrixOperand.KindOf(gate, up);

    public override void Run(Frame frame, WorkerPool pool)
    {
        var count = frame.RowsOf(rows) * x.Heads;
        if (count == 0) return;
        var method = MethodOf(frame);
        pool.Prepare(gate.Kernel.With(method), x.Data, x.Heads > 1 ? x.HeadStride : x.RowStride, null, count, x.Width, prepared);
        pool.Run(new Job(this, method, count), gate.Rows, MatMul.RowsPerRange(gate.Rows, pool.Threads, count));
    }

    private readonly struct Job(GatedLinearStep<TActivation> step, ProductMethod method, int count) : IParallelJob
    {
        public void Execute(int begin, int end) => step.Multiply(method, begin, end, count);
    }

    private void Multiply(ProductMethod method, int begin, int end, int count)
    {
        gate.Multiply(method, begin, end, x.Width, prepared, count, y.Data, _stride);
        up.Multiply(method, begin, end, x.Width, prepared, count, ungated.Data, _stride);
        for (var t = 0; t < count; t++)
        {
            var row = y.Data + (t * _stride) + begin;
            Elementwise.Map(activation, row, row, end - begin);
            Elementwise.Zip<Multiply>(row, 1, ungated.Data + (t * _stride) + begin, 1, row, end - begin);
        }
    }
}

/// <summary>y[t, h] = W[h] x[t, h].</summary>
/// <param name="node">The node.</param>
/// <param name="rows">The rows of x.</param>
/// <param name="x">The activations [rows, heads, in].</param>
/// <param name="matrix">The weights of head 0; those of the others follow.</param>
/// <param name="y">The result [rows, heads, out].</param>
/// <param name="prepared">Scratch for the prepared activations of each head.</param>
/// <param name="preparedStride">Bytes from one head's prepared activations to the next.</param>
internal sealed unsafe class HeadLinearStep(Node node, RowCount rows, TensorView x, MatrixOperand matrix, TensorView y, byte* prepared, long preparedStride)
    : Step(node)
{
    /// <summary>Bytes of the prepared activations of one head, a multiple of 64.</summary>
    public static long PreparedBytes(MatMulKernel kernel, int rows, int k) => (kernel.PreparedBytes(rows, k) + 63) & ~63L;

    public override string Kind { get; } = $"matmul per head, {matrix.Kernel.Type.Name}";

    public override void Run(Frame frame, WorkerPool pool)
    {
        var count = frame.RowsOf(rows);
        if (count > 0) pool.Run(new Job(this, matrix.Kernel.With(MethodOf(frame)), count), x.Heads, 1);
    }

    private readonly struct Job(HeadLinearStep step, MatMulKernel kernel, int count) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var head = begin; head < end; head++) step.Multiply(kernel, head, count);
        }
    }

    private void Multiply(MatMulKernel kernel, int head, int count)
    {
        var activations = prepared + (head * preparedStride);
        kernel.Prepare(x.Row(0, head), x.RowStride, null, 0, count, count, x.Width, activations);
        var weights = (byte*)matrix.Data + (head * matrix.Rows * matrix.RowBytes);
        kernel.Multiply(weights, matrix.RowBytes, 0, matrix.Rows, x.Width, activations, count, y.Row(0, head), y.RowStride);
    }
}

/// <summary>y[t] = table[ids[t]]; all tokens are of segment 0.</summary>
internal sealed unsafe class GetRowsStep(Node node, MatrixOperand table, TensorView y)
    : RowStep(node, new RowCount(RowDomain.Tokens, 0), y.Width)
{
    private readonly Op _ids = node.Inputs[1]!.Op;
    private readonly TensorDecoder _decoder = TensorFormats.Of(table.Kernel.Type).DecoderWith(table.Kernel.Target.Vectors);

    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            var id = _ids switch { Op.Positions => frame.Positions[row], Op.Segments => 0, _ => frame.Tokens[row] };
            _decoder.Decode((byte*)table.Data + (id * table.RowBytes), y.Row(row), y.Width);
        }
    }
}
