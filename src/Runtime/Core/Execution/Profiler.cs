using System.Diagnostics;

namespace ArchGen.Runtime.Execution;

/// <summary>
/// Measures the steps of a context by kind: time, operations, and bytes read. Two timestamps for each step; nothing is allocated but
/// when a plan is seen for the first time.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class Profiler
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<IReadOnlyList<IProfiledStep>, Entry[]> _entriesOfSteps = new(ReferenceEqualityComparer.Instance);
    private long _wallTicks;

    /// <summary>Clears the measurements.</summary>
    public void Reset()
    {
        _wallTicks = 0;
        foreach (var entry in _entries) entry.Clear();
    }

    /// <summary>The measurements, by descending time of the kinds of steps.</summary>
    /// <param name="runs">The number of runs, by which the figures are divided.</param>
    public Profile Result(int runs = 1) => new(
        [.. _entries.Where(e => e.Calls > 0).Select(e => e.Row(runs)).OrderByDescending(r => r.Seconds)], Seconds(_wallTicks) / runs);

    internal void AddWall(long ticks) => _wallTicks += ticks;

    /// <summary>The entries that steps add to, one for each.</summary>
    internal IReadOnlyList<Entry> EntriesOf(IReadOnlyList<IProfiledStep> steps) =>
        _entriesOfSteps.TryGetValue(steps, out var entries) ? entries : _entriesOfSteps[steps] = [.. steps.Select(step => EntryOf(step.Kind))];

    private Entry EntryOf(string kind)
    {
        var entry = _entries.Find(e => e.Kind == kind);
        if (entry is null) _entries.Add(entry = new Entry(kind));
        return entry;
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    /// <summary>The measurements of the steps of one kind.</summary>
    internal sealed class Entry(string kind)
    {
        private long _ticks;
        private long _waitTicks;
        private double _bytes;
        private double _flops;

        public string Kind { get; } = kind;

        public long Calls { get; private set; }

        public void Add(long ticks, long waitTicks, OpWork work, WorkCounts counts)
        {
            Calls++;
            _ticks += ticks;
            _waitTicks += waitTicks;
            _bytes += work.BytesOf(counts);
            _flops += work.FlopsOf(counts);
        }

        public void Clear() => (Calls, _ticks, _waitTicks, _bytes, _flops) = (0, 0, 0, 0, 0);

        public ProfileRow Row(int runs) =>
            new(Kind, (double)Calls / runs, Seconds(_ticks) / runs, Seconds(_waitTicks) / runs, _bytes / runs, _flops / runs);
    }
}

/// <summary>A step as a profile sees it.</summary>
internal interface IProfiledStep
{
    /// <summary>The name of the step in a profile: its operation, for products with the type of their weights.</summary>
    string Kind { get; }

    /// <summary>The work of its nodes: operations and bytes.</summary>
    OpWork Work { get; }

    /// <summary>The counts that the work of the step depends on, of its last run.</summary>
    WorkCounts Counts(Frame frame);
}
