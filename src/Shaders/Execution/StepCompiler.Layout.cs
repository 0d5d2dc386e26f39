using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <content>What moves elements.</content>
internal sealed partial class StepCompiler
{
    private ShaderStep CopyRows(ValueView x, ValueView y, RowCount rows, bool ofOutputs = false)
    {
        var push = new PushConstants().Add(x.Heads).Add(x.Width).Add(frame).Add(x).Add(y);
        return Shader(Pipeline("copy", GroupSize, ofOutputs ? 1u : 0u), push, rows, new Grid(x.ElementsPerRow, GroupSize));
    }

    // Both parts are written to the result, next to each other.
    private IEnumerable<DeviceStep> Concat(Operation step)
    {
        ValueView a = memory.View(step.Operands[0]!), b = memory.View(step.Operands[1]!), y = memory.View(step.Result);
        var rows = step.Result.Rows;
        var first = CopyRows(a, y with { Width = a.Width }, rows);
        var second = CopyRows(b, y with { Width = b.Width, Address = y.Address + ((ulong)a.Width * sizeof(float)) }, rows);
        return [first, second];
    }
}
