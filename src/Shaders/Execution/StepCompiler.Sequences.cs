using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <content>Operations that know tokens, positions and sequences.</content>
internal sealed partial class StepCompiler
{
    private ShaderStep Look(TableLookup step)
    {
        var y = step.Result;
        var ids = step.Node.Input(Slot.Ids).Op switch { Op.Positions => 1u, Op.Segments => 2u, _ => 0u };
        var table = MatrixOf(step.Table);
        var (hole, operands) = After(step.After, y);
        var push = new PushConstants().Add(y.ElementsPerRow).Add(frame).Add(table.Address).Add((ulong)table.RowBytes).Add(memory.View(y)).Add(operands);
        return Shader(PipelineWith([hole], $"get_rows.{table.Type.Name}", [GroupSize, ids]), push, y.Rows, new Grid(y.ElementsPerRow, 8 * GroupSize));
    }

    private unsafe IEnumerable<DeviceStep> Tabulate(RotaryTable step)
    {
        var range = _tables.Allocate(2L * memory.Limits.Tokens * step.Pairs * sizeof(float));
        float[]? factors = null;
        if (step.Factors is { } value) transfers.Read(value, 1, factors = new float[step.Pairs]);
        fixed (float* first = factors)
        {
            var table = new RotaryHostTable(range, new RopeFrequencies(step.Numbers, first));
            _rotaryTables[step] = table;
            _hostTables.Add(table);
        }

        return [];
    }

    /// <summary>Rotates a value, or two that have the same angles.</summary>
    private ShaderStep Rotate(Rotation step, Rotation? second = null)
    {
        var isHalfSplit = (RopeKind)step.Node.Attributes.Int32(Attr.Kind) == RopeKind.HalfSplit;
        var push = new PushConstants().Add(step.Table.Pairs).Add(_rotaryTables[step.Table].Address);
        Rotation[] rotations = second is null ? [step] : [step, second];
        var (first, firstOperands) = After(step.After, step.Result, "after_first");
        var (other, secondOperands) = After(second?.After, second?.Result ?? step.Result, "after_second");
        foreach (var rotation in rotations)
        {
            var y = rotation.Result;
            push.Add(memory.View(rotation.X)).Add(memory.View(y)).Add(y.Heads).Add(y.Width);
        }

        if (second is null) push.Add(null).Add(null).Add(0u).Add(0u);
        push.Add(firstOperands).Add(secondOperands);

        var pairs = rotations.Sum(rotation => (long)rotation.Result.Heads) * step.Table.Pairs;
        var compiled = Shader(PipelineWith([first, other], "rope", [GroupSize, isHalfSplit ? 1u : 0u]), push, step.Result.Rows, new Grid(pairs, GroupSize));
        compiled.Reads = [.. rotations.SelectMany(rotation => rotation.Reads).Select(value => memory.Addresses(value.Buffer))];
        compiled.Writes = [.. rotations.Select(rotation => memory.Addresses(rotation.Result.Buffer))];
        return compiled;
    }

    // Queries and keys are rotated one after the other, by the same angles: one dispatch for both, unless one touches what the other one writes.
    private ShaderStep? Together(DeviceStep earlier, DeviceStep later)
    {
        if (earlier.Step is not Rotation a || later.Step is not Rotation b || !ReferenceEquals(a.Table, b.Table) || a.Result.Rows != b.Result.Rows
            || a.Node.Attributes.Int32(Attr.Kind) != b.Node.Attributes.Int32(Attr.Kind) || earlier.Writes.Count > 1 || Hazards.Conflict(earlier, later))
        {
            return null;
        }

        var both = Rotate(a, b);
        (both.Step, both.Kind, both.Work) = (b, later.Kind, earlier.Work + later.Work);
        return both;
    }
}
