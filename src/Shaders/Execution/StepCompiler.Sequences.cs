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
        var push = new PushConstants().Add(y.ElementsPerRow).Add(frame).Add(table.Address).Add((ulong)table.RowBytes).Add(memory.View(y));
        return Shader(Pipeline($"get_rows.{table.Type.Name}", GroupSize, ids), push, y.Rows, new Grid(y.ElementsPerRow, 8 * GroupSize));
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

    private ShaderStep Rotate(Rotation step)
    {
        var y = step.Result;
        var isHalfSplit = (RopeKind)step.Node.Attributes.Int32(Attr.Kind) == RopeKind.HalfSplit;
        var push = new PushConstants().Add(y.Heads).Add(y.Width).Add(step.Table.Pairs).Add(_rotaryTables[step.Table].Address)
            .Add(memory.View(step.X)).Add(memory.View(y));
        return Shader(Pipeline("rope", GroupSize, isHalfSplit ? 1u : 0u), push, y.Rows, new Grid((long)y.Heads * step.Table.Pairs, GroupSize));
    }
}
