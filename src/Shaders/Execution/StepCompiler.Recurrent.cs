using ArchGen.Graphs;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <content>Operations that carry a state from one token to the next.</content>
internal sealed partial class StepCompiler
{
    private static readonly Slot[] ScanSlots = [Slot.X, Slot.TimeStep, Slot.A, Slot.B, Slot.C];
    private static readonly Slot[] DeltaSlots = [Slot.Query, Slot.Key, Slot.Value, Slot.Decay, Slot.Beta];

    private IEnumerable<DeviceStep> Convolve(Operation step)
    {
        ValueView x = memory.View(step[Slot.X]), weight = memory.View(step[Slot.Weight]), y = memory.View(step.Result);
        var state = session.Memory.State(step.State!);
        var (hole, applied) = After(step.After, step.Result);
        var results = Shader(PipelineWith([hole], "conv", [GroupSize, 0]), Push(y).Add(applied), step.Result.Rows, new Grid(y.Width, GroupSize));
        var after = Shader(Pipeline("conv", GroupSize, 1), Push(null), step.Result.Rows, new Grid(y.Width, GroupSize));
        AddressRange[] operands = [.. step.Reads.Select(v => memory.Addresses(v.Buffer)), Addresses(state)];
        (results.Reads, after.Reads, after.Writes) = (operands, operands, [Addresses(state)]);
        return [results, after];

        PushConstants Push(ValueView? result) => new PushConstants().Add(y.Width).Add(weight.Width).Add(frame).Add(state.Address).Add(x).Add(result)
            .Add(weight).Add(memory.Address(step.Find(Slot.Bias)));
    }

    private ShaderStep Scan(Operation step)
    {
        var (hole, operands) = After(step.After, step.Result);
        ValueView x = memory.View(step[Slot.X]), b = memory.View(step[Slot.B]), y = memory.View(step.Result);
        var state = session.Memory.State(step.State!);
        var push = new PushConstants().Add(x.Heads).Add(x.Width).Add(b.Width).Add(b.Heads).Add(frame).Add(state.Address)
            .Add(x).Add(memory.View(step[Slot.TimeStep])).Add(memory.Address(step[Slot.A])).Add(b).Add(memory.View(step[Slot.C])).Add(y.Address).Add(operands);
        return Carried(PipelineWith([hole], "scan", [OneSubgroup]), step, push, state, x.ElementsPerRow, ScanSlots);
    }

    private ShaderStep Delta(Operation step)
    {
        ValueView q = memory.View(step[Slot.Query]), v = memory.View(step[Slot.Value]), y = memory.View(step.Result);
        var state = session.Memory.State(step.State!);
        var push = new PushConstants().Add(v.Heads).Add(v.Width).Add(q.Width).Add(q.Heads).Add(frame).Add(state.Address)
            .Add(q).Add(memory.View(step[Slot.Key])).Add(v).Add(memory.View(step[Slot.Decay])).Add(memory.View(step[Slot.Beta])).Add(y.Address);
        return Carried(Pipeline("delta", OneSubgroup), step, push, state, v.ElementsPerRow, DeltaSlots);
    }

    // A workgroup is one subgroup, so that its sums need no shared memory.
    private uint OneSubgroup => session.Device.Info.Properties.SubgroupSize;

    // The sequences of the micro-batch are gone through on the device.
    private ShaderStep Carried(DevicePipeline pipeline, Operation step, PushConstants push, MemoryRange state, int lines, Slot[] slots) => new(
        pipeline, push, step.Result.Rows, Grid.Fixed(lines), session.Limits.Groups)
    {
        Reads = [.. slots.Select(slot => step[slot]).Concat(step.After?.Operands ?? []).Select(v => memory.Addresses(v.Buffer)), Addresses(state)],
        Writes = [memory.Addresses(step.Result.Buffer), Addresses(state)],
    };

    private static AddressRange Addresses(MemoryRange range) => new(range.Address, range.Address + (ulong)range.Bytes);
}
