using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <content>Products of experts.</content>
internal sealed partial class StepCompiler
{
    /// <summary>Sorts the uses by expert, for micro-batches of so many rows that it pays.</summary>
    private IEnumerable<DeviceStep> Sort(ExpertRoute step)
    {
        if (step.Scratch.Count == 0) return [];
        var ids = memory.View(step.Ids);
        var push = new PushConstants().Add(ids.Width).Add(ids.Address).Add(checked((uint)ids.RowStride))
            .Add(memory.Range(step.Scratch[0]).Address).Add(memory.Range(step.Scratch[1]).Address);
        var pipeline = Pipeline("route", GroupSize, (uint)step.Experts, session.Products.NarrowTile.Tokens);
        return [new StepByRows(step.Ids.Rows, session.Products.FewExpertRows(step), null, Shader(pipeline, push, step.Ids.Rows, Grid.Fixed(1)))];
    }

    private DeviceStep Multiply(ExpertProduct step)
    {
        ValueView x = memory.View(step.X), y = memory.View(step.Result), ids = memory.View(step.Route.Ids);
        var matrix = MatrixOf(step.Matrix);
        var scratch = step.Route.Scratch;
        var isSorted = scratch.Count > 0;
        var push = PushX(x, x.RowStride, matrix).Add(matrix.Address).Add(matrix.Bias).Add(y.Address).Add(matrix.Rows).Add(checked((uint)y.RowStride))
            .Add(ids.Address).Add(0ul).Add(0ul).Add(y.Heads).Add(checked((uint)ids.RowStride))
            .Add(isSorted ? memory.Range(scratch[0]).Address : 0).Add(isSorted ? memory.Range(scratch[1]).Address : 0).Add(0ul)
            .Add(x.Heads > 1 ? checked((uint)x.HeadStride) : 0).Add(checked((uint)y.HeadStride));
        var call = new ProductCall(ProductKind.Experts, matrix.Type, push, step.Result.Rows, [matrix.Rows]) { Heads = y.Heads, IsAligned = IsAligned(x) };
        var few = Vector(call, 1);
        return isSorted ? new StepByRows(call.Rows, session.Products.FewExpertRows(step.Route), few, Tiles(call, session.Products.NarrowTile)) : few;
    }
}
