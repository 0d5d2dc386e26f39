using System.Diagnostics;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Eager;

/// <summary>The steps of a plan that the definitions run.</summary>
internal sealed class EagerExecutable(EagerSession session) : IExecutable
{
    private readonly EagerValues _values = new(session);
    private readonly Dictionary<PlanPart, IProfiledStep[]> _profiled = new(ReferenceEqualityComparer.Instance);

    public void Prepare(PlanPart part) => _profiled[part] = [.. part.Steps.Select(step => new ProfiledStep(step))];

    public void Run(PlanPart part, Frame frame, Profiler? profiler, CancellationToken cancellation)
    {
        var entries = profiler?.EntriesOf(_profiled[part]);
        for (var i = 0; i < part.Steps.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            Run(part.Steps[i], frame);
            entries?[i].Add(Stopwatch.GetTimestamp() - start, 0, part.Steps[i].Work, _profiled[part][i].Counts(frame));
        }
    }

    public void Read(PlanValue value, int rows, Span<float> destination) => _values.Read(value, rows).CopyTo(destination);

    public void Write(PlanValue value, int rows, ReadOnlySpan<float> source) => _values.Write(value, rows, source);

    public void Dispose()
    {
    }

    private void Run(PlanStep step, Frame frame)
    {
        switch (step)
        {
            case ExpertRoute or RotaryTable: break;
            case Copy copy: _values.Write(copy.To, frame.RowsOf(copy.From.Rows), _values.Read(copy.From, frame.RowsOf(copy.From.Rows))); break;
            case SquareSum or ExpertSquareSum: throw new RequestException("The eager backend does not sum what products read. Choose the cpu backend.");
            default: Compute(step, frame); break;
        }
    }

    private void Compute(PlanStep step, Frame frame)
    {
        var result = step.Writes.Single();
        var rows = frame.RowsOf(result.Rows);
        if (rows == 0) return;
        var operands = StepOperands.Of(step);
        var inputs = new Operand?[operands.Length];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = step.Node.Inputs[i] is { } input ? _values.Operand(input, operands[i], frame) : null;
        var dims = EagerValues.Dims(step.Node, rows);
        var computed = step.Node.Op == Op.SelectOutputs ? Select(inputs[0]!, dims, frame) : session.Memory.Run(step, inputs, dims, frame);
        _values.Write(step.Node, result, rows, computed);
    }

    private static unsafe Operand Select(Operand x, int[] dims, Frame frame)
    {
        var result = Operand.Zeros(dims);
        var width = result.Values.Length / dims[0];
        for (var i = 0; i < dims[0]; i++) x.Values.AsSpan(frame.OutputRows[i] * width, width).CopyTo(result.Values.AsSpan(i * width));
        return result;
    }

    private sealed class ProfiledStep(PlanStep step) : IProfiledStep
    {
        public string Kind => step.Node.Spec.Word;

        public OpWork Work => step.Work;

        public WorkCounts Counts(Frame frame) => new(frame.RowsOf(new RowCount(step.Domain, 1)), frame.SpanCount);
    }
}
