using System.Numerics;
using ArchGen.Cpu.Cache;
using ArchGen.Cpu.Threading;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>
/// A causal convolution along each sequence, channel by channel (Mamba, arXiv:2312.00752). The state holds the last kernel - 1 inputs.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="x">The inputs [tokens, channels].</param>
/// <param name="weight">The kernel, transposed: [kernel, channels].</param>
/// <param name="kernel">Its length.</param>
/// <param name="bias">Added to the result, [channels]; may be null.</param>
/// <param name="state">The inputs before this micro-batch, [kernel - 1, channels] per sequence.</param>
/// <param name="y">The result [tokens, channels].</param>
internal sealed unsafe class CausalConvStep(Node node, TensorView x, float* weight, int kernel, float* bias, SequenceState state, TensorView y) : Step(node)
{
    private const int ChannelsPerRange = 256;

    public override void Run(Frame frame, WorkerPool pool) => pool.Run(new Job(this, frame), y.Width, ChannelsPerRange);

    private readonly struct Job(CausalConvStep step, Frame frame) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = 0; i < frame.SpanCount; i++) step.Convolve(frame, frame.Spans[i], begin, end - begin);
        }
    }

    private void Convolve(Frame frame, SequenceSpan span, int channel, int count)
    {
        var channels = y.Width;
        var past = state.Of(span.Sequence);
        var order = frame.Order + span.Start;
        for (var t = 0; t < span.Count; t++)
        {
            var target = y.Row(order[t]) + channel;
            if (bias is null) new Span<float>(target, count).Clear();
            else new ReadOnlySpan<float>(bias + channel, count).CopyTo(new Span<float>(target, count));
            for (var k = 0; k < kernel; k++)
            {
                var source = Input(t + k);
                MultiplyAdd(target, weight + ((long)k * channels) + channel, source, count);
            }
        }

        // Oldest first: each row is read before it is overwritten.
        for (var k = 0; k < kernel - 1; k++)
            new ReadOnlySpan<float>(Input(span.Count + k), count).CopyTo(new Span<float>(past + ((long)k * channels) + channel, count));

        // The inputs in order: the state's, then those of the batch.
        float* Input(int i) => (i < kernel - 1 ? past + ((long)i * channels) : x.Row(order[i - (kernel - 1)])) + channel;
    }

    private static void MultiplyAdd(float* y, float* a, float* b, int count)
    {
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.MultiplyAddEstimate(
                Vector.Load(a + i), Vector.Load(b + i), Vector.Load(y + i)).Store(y + i);
        }

        for (; i < count; i++) y[i] += a[i] * b[i];
    }
}

/// <summary>
/// The state-space recurrence of Mamba-2 (arXiv:2405.21060): state = state * exp(dt * a) + dt * x b^T; y = state c.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="x">The inputs [tokens, heads, d].</param>
/// <param name="dt">The step sizes [tokens, heads].</param>
/// <param name="a">The decay of each head, stride 1 or that of its rows.</param>
/// <param name="b">The input matrix B of the state, [tokens, groups, n].</param>
/// <param name="c">The output matrix C of the state, [tokens, groups, n].</param>
/// <param name="state">The state [heads, d, n] per sequence.</param>
/// <param name="y">The result [tokens, heads, d].</param>
internal sealed unsafe class SelectiveScanStep(
    Node node, TensorView x, TensorView dt, float* a, TensorView b, TensorView c, SequenceState state, TensorView y) : Step(node)
{
    public override void Run(Frame frame, WorkerPool pool) => pool.Run(new Job(this, frame), frame.SpanCount * x.Heads, 1);

    private readonly struct Job(SelectiveScanStep step, Frame frame) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.Scan(frame, frame.Spans[i / step.Heads], i % step.Heads);
        }
    }

    private int Heads => x.Heads;

    private void Scan(Frame frame, SequenceSpan span, int head)
    {
        var n = b.Width;
        var group = head / (x.Heads / b.Heads);
        var memory = state.Of(span.Sequence) + ((long)head * x.Width * n);
        for (var t = 0; t < span.Count; t++)
        {
            var row = frame.Order[span.Start + t];
            var step = dt.Row(row)[head];
            var decay = MathF.Exp(step * a[head]);
            float* source = x.Row(row, head), target = y.Row(row, head), entering = b.Row(row, group), leaving = c.Row(row, group);
            for (var i = 0; i < x.Width; i++) target[i] = RecurrentState.Update(memory + ((long)i * n), decay, source[i] * step, entering, leaving, n);
        }
    }
}

/// <summary>
/// The gated delta rule (arXiv:2412.06464): state = state * exp(decay); state += beta * (v - state k) k^T; y = state q.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="q">Queries, [tokens, groups, n].</param>
/// <param name="k">Keys, [tokens, groups, n].</param>
/// <param name="v">Values, [tokens, heads, d].</param>
/// <param name="decay">The logarithm of the decay factor, [tokens, heads].</param>
/// <param name="beta">The strength of the correction, [tokens, heads].</param>
/// <param name="state">The state [heads, d, n] per sequence.</param>
/// <param name="y">The result [tokens, heads, d].</param>
internal sealed unsafe class GatedDeltaRuleStep(
    Node node, TensorView q, TensorView k, TensorView v, TensorView decay, TensorView beta, SequenceState state, TensorView y) : Step(node)
{
    public override void Run(Frame frame, WorkerPool pool) => pool.Run(new Job(this, frame), frame.SpanCount * v.Heads, 1);

    private readonly struct Job(GatedDeltaRuleStep step, Frame frame) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.Correct(frame, frame.Spans[i / step.Heads], i % step.Heads);
        }
    }

    private int Heads => v.Heads;

    private void Correct(Frame frame, SequenceSpan span, int head)
    {
        var n = q.Width;
        var group = head / (v.Heads / q.Heads);
        var memory = state.Of(span.Sequence) + ((long)head * v.Width * n);
        for (var t = 0; t < span.Count; t++)
        {
            var row = frame.Order[span.Start + t];
            float kept = MathF.Exp(decay.Row(row)[head]), share = beta.Row(row)[head];
            float* query = q.Row(row, group), key = k.Row(row, group), source = v.Row(row, head), target = y.Row(row, head);
            for (var i = 0; i < v.Width; i++)
            {
                var line = memory + ((long)i * n);
                var correction = share * (source[i] - (kept * Reductions.Dot(line, key, n)));
                target[i] = RecurrentState.Update(line, kept, correction, key, query, n);
            }
        }
    }
}

/// <summary>The update of one row of a recurrent state.</summary>
internal static unsafe class RecurrentState
{
    /// <summary>row = row * decay + factor * entering; returns row . leaving.</summary>
    public static float Update(float* line, float decay, float factor, float* entering, float* leaving, int n)
    {
        var i = 0;
        Vector<float> d = new(decay), f = new(factor), sums = default;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            var s = Vector.MultiplyAddEstimate(f, Vector.Load(entering + i), d * Vector.Load(line + i));
            s.Store(line + i);
            sums = Vector.MultiplyAddEstimate(s, Vector.Load(leaving + i), sums);
        }

        var sum = Vector.Sum(sums);
        for (; i < n; i++)
        {
            line[i] = (line[i] * decay) + (factor * entering[i]);
            sum += line[i] * leaving[i];
        }

        return sum;
    }
}
