using System.Collections.Immutable;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>A range of device addresses.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct AddressRange(ulong Start, ulong End)
{
    public bool Overlaps(AddressRange other) => Start < other.End && other.Start < End;
}

/// <summary>One thing that the device does for a step of a plan.</summary>
internal abstract class DeviceStep : IProfiledStep
{
    /// <summary>The memory that it reads, for the largest micro-batch.</summary>
    public IReadOnlyList<AddressRange> Reads { get; set; } = [];

    /// <summary>The memory that it writes, for the largest micro-batch.</summary>
    public IReadOnlyList<AddressRange> Writes { get; set; } = [];

    /// <summary>The step of the plan.</summary>
    public PlanStep Step { get; set; } = null!;

    /// <summary>What a profile calls it: the operation, of products the type of their weights, too.</summary>
    public string Kind { get; set; } = "";

    /// <summary>What its nodes compute and read; of several steps for one of the plan, only one has it.</summary>
    public OpWork Work { get; set; }

    /// <summary>What it chooses from by the micro-batch; itself if there is no choice.</summary>
    public virtual IEnumerable<DeviceStep> Choices => [this];

    /// <summary>Whether the processor computes it, when it is recorded: its commands cannot be submitted again.</summary>
    public virtual bool IsOfProcessor => false;

    /// <summary>What its shader is given; numbers that depend on the micro-batch are those of the last.</summary>
    public virtual ReadOnlySpan<byte> Push => default;

    /// <summary>What the work depends on; of experts, which the device chooses, as many as the micro-batch can use.</summary>
    public virtual WorkCounts Counts(Frame frame)
    {
        var rows = frame.RowsOf(new RowCount(Step.Domain, 1));
        var experts = Step is ExpertProduct { Route: var route } ? Math.Min(route.Experts, (long)rows * route.Ids.Width) : 0;
        return new WorkCounts(rows, frame.SpanCount, Experts: experts);
    }

    /// <summary>Records it for the micro-batch.</summary>
    public abstract void Record(CommandQueue queue, Frame frame);
}

/// <summary>How many workgroups a shader needs. One dimension grows with the rows.</summary>
/// <param name="ItemsPerRow">Items in each row.</param>
/// <param name="ItemsPerGroup">Items that a workgroup takes.</param>
/// <param name="Y">Workgroups in y.</param>
/// <param name="Z">Workgroups in z.</param>
internal readonly record struct Grid(long ItemsPerRow, long ItemsPerGroup = 1, uint Y = 1, uint Z = 1)
{
    /// <summary>A number of workgroups that does not depend on the rows.</summary>
    public static Grid Fixed(long groups) => new(0) { Groups = groups };

    /// <summary>Workgroups in x, whatever the rows are.</summary>
    public long Groups { get; private init; } = 1;

    /// <summary>Workgroups in x, at most as many as a device takes; shaders go on where more are needed.</summary>
    public uint X(long rows, uint limit) => (uint)Math.Clamp(((rows * ItemsPerRow) + ItemsPerGroup - 1) / ItemsPerGroup, Math.Min(Groups, limit), limit);
}

/// <summary>A compute shader.</summary>
/// <param name="pipeline">The shader.</param>
/// <param name="push">Its push constants.</param>
/// <param name="rows">What the number of rows is that it is told.</param>
/// <param name="grid">Its workgroups in x, by rows; shaders must go on from workgroup to workgroup where there are fewer.</param>
/// <param name="groupLimit">The largest number of workgroups in a dimension.</param>
internal sealed class ShaderStep(DevicePipeline pipeline, PushConstants push, RowCount rows, Grid grid, uint groupLimit) : DeviceStep
{
    private readonly byte[] _push = push.ToAllBytes();

    /// <summary>What the rows of the frame are multiplied by to get those of the shader: heads, where each is a row.</summary>
    public int RowFactor { get; init; } = 1;

    /// <summary>Rows that it is told beyond those of the frame: tests make it leave its memory.</summary>
    public int ExcessRows { get; set; }

    public override ReadOnlySpan<byte> Push => _push;

    public override void Record(CommandQueue queue, Frame frame)
    {
        var count = frame.RowsOf(rows) * RowFactor;
        if (count == 0) return;
        count += ExcessRows;
        BitConverter.TryWriteBytes(_push, count);
        queue.Dispatch(pipeline.Handle, _push, grid.X(count, groupLimit), Math.Min(grid.Y, groupLimit), Math.Min(grid.Z, groupLimit));
    }
}

/// <summary>Two shaders, the second of which reads what the first one writes.</summary>
/// <param name="first">The first.</param>
/// <param name="second">The second.</param>
internal sealed class StepAfterStep(ShaderStep first, ShaderStep second) : DeviceStep
{
    public override IEnumerable<DeviceStep> Choices => [first, second];

    public override void Record(CommandQueue queue, Frame frame)
    {
        first.Record(queue, frame);
        queue.Barrier();
        second.Record(queue, frame);
    }
}

/// <summary>One step for few rows, another one for many.</summary>
/// <param name="rows">What the rows are.</param>
/// <param name="most">The largest number of rows that are few.</param>
/// <param name="few">The step for few; null if there is nothing to do.</param>
/// <param name="many">The step for many.</param>
internal sealed class StepByRows(RowCount rows, int most, DeviceStep? few, DeviceStep many) : DeviceStep
{
    public override IEnumerable<DeviceStep> Choices => new[] { few, many }.OfType<DeviceStep>().SelectMany(step => step.Choices);

    public override void Record(CommandQueue queue, Frame frame) => (frame.RowsOf(rows) <= most ? few : many)?.Record(queue, frame);
}
