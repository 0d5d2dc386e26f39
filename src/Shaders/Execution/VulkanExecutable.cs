using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>The steps of a plan that run on a device, with their memory. Each run records them; nothing is allocated for it.</summary>
internal sealed class VulkanExecutable : IExecutable
{
    private readonly VulkanSession _session;
    private readonly PlanMemory _memory;
    private readonly FrameBlock _frame;
    private readonly Transfers _transfers;
    private readonly StepCompiler _compiler;
    private readonly StepRecorder _recorder;
    private readonly Dictionary<PlanPart, PartSteps> _parts = new(ReferenceEqualityComparer.Instance);

    public VulkanExecutable(VulkanSession session, Plan plan, int backend, SessionOptions options)
    {
        _session = session;
        _memory = new PlanMemory(session, plan, backend);
        try
        {
            _frame = new FrameBlock(session.Device, plan.Limits.Tokens, options);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }

        _recorder = new StepRecorder(session);
        _transfers = new Transfers(session, _memory);
        _compiler = new StepCompiler(session, _memory, _transfers, _frame.Address);
    }

    public void Prepare(PlanPart part)
    {
        var steps = _parts[part] = _compiler.Compile(part, _session.Backend.Order);
        _session.Backend.Compiled?.Invoke(new CompiledPart(_session, _memory, _compiler.Tables, steps));
    }

    public void Run(PlanPart part, Frame frame, Profiler? profiler, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var queue = _session.Queue;
        // The frame's memory is still read by what runs.
        queue.Wait();
        _frame.Fill(frame);
        var steps = _parts[part];
        foreach (var table in steps.HostTables) table.Fill(frame);
        if (profiler is null) _recorder.Run(steps, frame, cancellation);
        else _recorder.Measure(steps, frame, profiler);
    }

    public void Read(PlanValue value, int rows, Span<float> destination)
    {
        _transfers.Read(value, rows, destination);
        if (!_compiler.CacheFlags.AreUsed) return;
        // Without rows nobody has waited.
        _session.Queue.Wait();
        _compiler.CacheFlags.Check();
    }

    public void Write(PlanValue value, int rows, ReadOnlySpan<float> source) => _transfers.Write(value, rows, source);

    public void Dispose()
    {
        _session.Queue.Finish();
        _recorder.Dispose();
        _transfers.Dispose();
        _frame.Dispose();
        _compiler.Dispose();
        _memory.Dispose();
    }
}

/// <summary>A part of a plan that has been compiled.</summary>
/// <param name="Session">The session.</param>
/// <param name="Memory">The values.</param>
/// <param name="Tables">Tables that shaders read.</param>
/// <param name="Steps">The steps.</param>
internal sealed record CompiledPart(VulkanSession Session, PlanMemory Memory, IReadOnlyList<MemoryBlock> Tables, PartSteps Steps);

/// <summary>The steps of a part of a plan.</summary>
/// <param name="Groups">The steps between two barriers.</param>
/// <param name="HostTables">What the processor computes for each micro-batch before them.</param>
internal sealed record PartSteps(DeviceStep[][] Groups, IHostTable[] HostTables)
{
    /// <summary>All steps, in order.</summary>
    public IReadOnlyList<DeviceStep> All { get; } = [.. Groups.SelectMany(group => group)];

    /// <summary>One of the attentions of each kind whose commands depend on the keys.</summary>
    public AttendStep[] Attentions { get; } = [.. Groups.SelectMany(group => group).OfType<AttendStep>().DistinctBy(step => step.Dependence)];
}
