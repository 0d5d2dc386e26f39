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
        var half = Round(step, step.X, [step.Matrix]);
        var matrix = MatrixOf(step.Matrix, half is not null);
        var scratch = step.Route.Scratch;
        var isSorted = scratch.Count > 0;
        var (hole, operands) = After(step.After, step.Result);
        var call = new ProductCall(ProductKind.Experts, matrix.Type, Push(x, matrix), step.Result.Rows, [matrix.Rows])
        {
            Width = x.Width,
            Heads = y.Heads,
            Holes = [hole],
            IsAligned = IsAligned(x),
            Half = half is { } rounded ? new HalfCall(Push(rounded.X, WithPowers([matrix])[0]), rounded.Step) : null,
        };
        var few = Vector(call, 1);
        if (!isSorted) return few;
        var many = call.Half is null ? Tiles(call, session.Products.NarrowTile) : Cooperate(call, session.Products.Matrices!.TilesOf(call.Type)!.Expert!.Value);
        return new StepByRows(call.Rows, session.Products.FewExpertRows(step.Route), few, many);

        PushConstants Push(ValueView from, DeviceMatrix m) => PushX(from, from.RowStride, m)
            .Add(m.Address).Add(m.Bias).Add(y.Address).Add(m.Rows).Add(checked((uint)y.RowStride))
            .Add(ids.Address).Add(0ul).Add(0ul).Add(y.Heads).Add(checked((uint)ids.RowStride))
            .Add(isSorted ? memory.Range(scratch[0]).Address : 0).Add(isSorted ? memory.Range(scratch[1]).Address : 0).Add(operands)
            .Add(from.Heads > 1 ? checked((uint)from.HeadStride) : 0).Add(checked((uint)y.HeadStride));
    }
}
