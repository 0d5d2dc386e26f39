using System.Diagnostics;
using ArchGen.Cpu.Steps;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Execution;

/// <summary>The steps of a plan that run on the processor, with their memory.</summary>
internal sealed class CpuExecutable : IExecutable
{
    private readonly CpuSession _session;
    private readonly CpuMemory _memory;
    private readonly StepCompiler _compiler;
    private readonly Dictionary<PlanPart, Step[]> _steps = new(ReferenceEqualityComparer.Instance);

    public CpuExecutable(CpuSession session, Plan plan, int backend)
    {
        _session = session;
        _memory = new CpuMemory(session, plan, backend);
        _compiler = new StepCompiler(session, _memory);
    }

    public void Prepare(PlanPart part) => _steps[part] = [.. part.Steps.Select(_compiler.Compile)];

    public void Run(PlanPart part, Frame frame, Profiler? profiler, CancellationToken cancellation)
    {
        var steps = _steps[part];
        if (profiler is not null)
        {
            Measure(steps, frame, profiler, cancellation);
            return;
        }

        foreach (var step in steps)
        {
            cancellation.ThrowIfCancellationRequested();
            step.Run(frame, _session.Pool);
        }
    }

    public unsafe void Read(PlanValue value, int rows, Span<float> destination)
    {
        var view = _memory.View(value);
        for (var row = 0; row < rows; row++)
        {
            for (var head = 0; head < view.Heads; head++, destination = destination[view.Width..])
                new ReadOnlySpan<float>(view.Row(row, head), view.Width).CopyTo(destination);
        }
    }

    public unsafe void Write(PlanValue value, int rows, ReadOnlySpan<float> source)
    {
        var view = _memory.View(value);
        for (var row = 0; row < rows; row++)
        {
            for (var head = 0; head < view.Heads; head++, source = source[view.Width..])
                source[..view.Width].CopyTo(new Span<float>(view.Row(row, head), view.Width));
        }
    }

    public void Dispose() => _memory.Dispose();

    private void Measure(Step[] steps, Frame frame, Profiler profiler, CancellationToken cancellation)
    {
        var (entries, pool) = (profiler.EntriesOf(steps), _session.Pool);
        pool.MeasuresWait = true;
        try
        {
            for (var i = 0; i < steps.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var waited = pool.WaitTicks;
                var start = Stopwatch.GetTimestamp();
                steps[i].Run(frame, pool);
                entries[i].Add(Stopwatch.GetTimestamp() - start, pool.WaitTicks - waited, steps[i].Work, steps[i].Counts(frame));
            }
        }
        finally
        {
            pool.MeasuresWait = false;
        }
    }
}
