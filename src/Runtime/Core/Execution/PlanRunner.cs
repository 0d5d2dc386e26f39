using System.Runtime.InteropServices;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <summary>Runs a plan: each part on its backend, and between them what crosses from one to another or is shown to the observer.</summary>
internal sealed class PlanRunner : IDisposable
{
    private readonly List<IExecutable> _backends = [];
    private readonly NodeObserver? _observer;
    private float[] _rows = [];

    /// <summary>Compiles a plan, and computes what depends on weights alone.</summary>
    public PlanRunner(Plan plan, IReadOnlyList<IBackendSession> backends, NodeObserver? observer)
    {
        Plan = plan;
        _observer = observer;
        try
        {
            for (var i = 0; i < backends.Count; i++) _backends.Add(backends[i].Compile(plan, i));
            using var frame = new Frame(0);
            foreach (var part in plan.Constants)
            {
                Prepare(part);
                Run([part], frame, null, CancellationToken.None);
            }

            foreach (var part in plan.Encoder.Concat(plan.Tokens)) Prepare(part);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The plan.</summary>
    public Plan Plan { get; }

    /// <summary>Runs the micro-batch in <paramref name="frame"/>.</summary>
    /// <param name="frame">The micro-batch.</param>
    /// <param name="tokenRows">The rows of another graph that its tokens come with.</param>
    /// <param name="profiler">Measures the steps; null for no measurement.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    public void Run(Frame frame, ReadOnlySpan<float> tokenRows, Profiler? profiler, CancellationToken cancellation)
    {
        if (Plan.TokenRows is { } value) _backends[value.Buffer.Backend].Write(value, frame.TokenCount, tokenRows);
        Run(Plan.Tokens, frame, profiler, cancellation);
    }

    /// <summary>Computes what depends on the encoder's rows alone.</summary>
    public void RunEncoder(ReadOnlySpan<float> encoded, Frame frame, CancellationToken cancellation)
    {
        _backends[Plan.Encoded!.Buffer.Backend].Write(Plan.Encoded, frame.EncoderCount, encoded);
        Run(Plan.Encoder, frame, null, cancellation);
    }

    /// <summary>Reads the first rows of the result.</summary>
    public void ReadOutput(int rows, Span<float> destination) => _backends[Plan.Output.Buffer.Backend].Read(Plan.Output, rows, destination);

    public void Dispose()
    {
        foreach (var backend in _backends) backend.Dispose();
        _backends.Clear();
    }

    private void Prepare(PlanPart part)
    {
        if (part.Backend >= 0) _backends[part.Backend].Prepare(part);
    }

    private void Run(IReadOnlyList<PlanPart> parts, Frame frame, Profiler? profiler, CancellationToken cancellation)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Backend >= 0) _backends[parts[i].Backend].Run(parts[i], frame, profiler, cancellation);
            else Cross(parts[i].Steps, frame, cancellation);
        }
    }

    private void Cross(IReadOnlyList<PlanStep> steps, Frame frame, CancellationToken cancellation)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (steps[i] is Transfer transfer)
            {
                var rows = frame.RowsOf(transfer.From.Rows);
                _backends[transfer.To.Buffer.Backend].Write(transfer.To, rows, Read(transfer.From, rows));
            }
            else if (steps[i] is Observation observation)
            {
                Observe(observation.Node, observation.Value, frame.RowsOf(observation.Value.Rows));
            }
        }
    }

    private void Observe(Node node, PlanValue value, int rows)
    {
        var elements = Read(value, rows);
        if (node.IsInteger)
        {
            foreach (ref var element in elements) element = BitConverter.SingleToInt32Bits(element);
        }

        _observer!(node, elements, rows);
    }

    private Span<float> Read(PlanValue value, int rows)
    {
        var count = checked(rows * value.ElementsPerRow);
        if (_rows.Length < count) _rows = new float[count];
        _backends[value.Buffer.Backend].Read(value, rows, _rows.AsSpan(0, count));
        return _rows.AsSpan(0, count);
    }
}
