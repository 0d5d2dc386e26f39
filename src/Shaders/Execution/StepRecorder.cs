using ArchGen.Runtime.Execution;
using ArchGen.Vulkan.Devices;
using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Execution;

/// <summary>
/// Records the steps of a part of a plan and submits them: in parts, since systems reset a device that works too long on one submission, and so that the
/// device begins while the rest is recorded.
/// </summary>
/// <param name="session">The session.</param>
internal sealed class StepRecorder(VulkanSession session) : IDisposable
{
    /// <summary>Set to 1, this variable of the environment submits each step separately, so that an error names the step at which the device failed.</summary>
    public const string SerializeVariable = "ARCHGEN_VULKAN_SERIALIZE";

    private readonly bool _serializes = Environment.GetEnvironmentVariable(SerializeVariable) == "1";

    // Far less than a second of work for the slowest device of its kind.
    private readonly double _flopsOfSubmission = session.Device.Info.Properties.Type switch
    {
        PhysicalDeviceType.DiscreteGpu => 200e9,
        PhysicalDeviceType.Cpu => 5e9,
        _ => 20e9,
    };

    // Of each part whose commands can be submitted again; null if they cannot.
    private readonly Dictionary<PartSteps, Recordings?> _recordings = new(ReferenceEqualityComparer.Instance);
    private Timestamps? _timestamps;
    private int _capacity;

    /// <summary>Submits all steps: recorded as they were for a micro-batch like this one, or anew.</summary>
    public void Run(PartSteps steps, Frame frame, CancellationToken cancellation)
    {
        var queue = session.Queue;
        var recordings = _serializes ? null : RecordingsOf(steps);
        if (recordings?.Find(frame) is { } known)
        {
            queue.Repeat(known);
            return;
        }

        var kept = recordings?.Take();
        if (kept is not null) queue.Begin(kept.Commands);
        var submitted = queue.Submitted;
        Record(steps, frame, cancellation);
        // What has more work than a submission may have is recorded in parts.
        var isWhole = queue.Submitted == submitted;
        queue.Submit();
        if (isWhole) kept?.Keep(steps.Attentions, frame);
    }

    private void Record(PartSteps steps, Frame frame, CancellationToken cancellation)
    {
        var queue = session.Queue;
        var flops = 0.0;
        foreach (var group in steps.Groups)
        {
            var before = queue.Recorded;
            foreach (var step in group)
            {
                step.Record(queue, frame);
                if (_serializes) RunAlone(step);
                flops += step.Work.FlopsOf(step.Counts(frame));
            }

            // Steps may have nothing to do for this micro-batch.
            if (queue.Recorded > before) queue.Barrier();
            if (flops < _flopsOfSubmission) continue;
            queue.Submit();
            flops = 0;
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The same with the device's clock read after each step, one step at a time.</summary>
    public void Measure(PartSteps steps, Frame frame, Profiler profiler)
    {
        var all = steps.All;
        if (_capacity < all.Count + 1)
        {
            _timestamps?.Dispose();
            _timestamps = new Timestamps(session.Device, _capacity = all.Count + 1);
        }

        var queue = session.Queue;
        _timestamps!.Reset(queue.Commands());
        _timestamps.Write(queue.Commands(), 0);
        for (var i = 0; i < _capacity - 1; i++)
        {
            if (i < all.Count) all[i].Record(queue, frame);
            queue.Barrier();
            _timestamps.Write(queue.Commands(), i + 1);
        }

        queue.Wait();
        _timestamps.Read();
        var entries = profiler.EntriesOf(all);
        for (var i = 0; i < all.Count; i++) entries[i].Add(_timestamps.Ticks(i, i + 1), 0, all[i].Work, all[i].Counts(frame));
    }

    public void Dispose()
    {
        _timestamps?.Dispose();
        foreach (var recordings in _recordings.Values) recordings?.Dispose();
    }

    private Recordings? RecordingsOf(PartSteps steps)
    {
        if (_recordings.TryGetValue(steps, out var known)) return known;
        return _recordings[steps] = steps.All.Any(step => step.IsOfProcessor) ? null : new Recordings(session.Queue, steps);
    }

    private void RunAlone(DeviceStep step)
    {
        try
        {
            session.Queue.Wait();
        }
        catch (DeviceException error)
        {
            throw new DeviceException($"{step.Step.Node}: {error.Message}", error);
        }
    }
}
