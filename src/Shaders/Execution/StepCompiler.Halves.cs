using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Execution;

/// <content>Products in half precision, by matrix units.</content>
internal sealed partial class StepCompiler
{
    // The kind of product_cooperative.comp that computes the powers of rows.
    private const uint PowersKind = 4;

    /// <summary>x of a product in half precision: where it is, and what writes it. Null if matrix units are not used for the step.</summary>
    private (ValueView X, ShaderStep Step)? Round(PlanStep step, PlanValue value, IEnumerable<PlanMatrix> matrices)
    {
        if (step.Scratch.Count == 0) return null;
        var planes = matrices.Max(matrix => session.TilesOf(matrix)?.Planes.OfX ?? 1);
        var x = memory.View(value);
        var address = memory.Range(step.Scratch[0]).Address;
        var push = new PushConstants().Add(x.Heads).Add(x.Width).Add(HalfRows.BytesOf(x.Width, planes)).Add(x).Add(address);
        return (HalfRows.View(address, x, planes), Shader(Pipeline("half_rows", GroupSize, planes), push, value.Rows, new Grid(x.Heads)));
    }

    /// <summary>Where a bias is, product_cooperative.comp has the address of two: that of the bias, and that of the powers.</summary>
    private DeviceMatrix[] WithPowers(DeviceMatrix[] matrices) =>
        [.. matrices.Select(matrix => matrix with { Bias = Upload<ulong>([matrix.Bias, matrix.Powers]) })];

    /// <summary>The powers of two of all rows of a tensor, of which the matrix is the first expert or head, or all.</summary>
    private ulong PowersOf(GgufTensor tensor, DeviceMatrix matrix)
    {
        var rows = tensor.ElementCount / matrix.Width;
        return session.Weights.Powers(tensor, rows, range =>
        {
            var push = new PushConstants().Add(matrix.Width).Add(0ul).Add(0u).Add(checked((uint)matrix.RowBytes)).Add(0ul)
                .Add(matrix.Address).Add(0ul).Add(range.Address).Add(checked((uint)rows)).Add(0u);
            var name = $"product_cooperative.{matrix.Type.Name}";
            // The sizes of the tile are not used, but must be some.
            var unit = session.Products.Matrices!.Unit;
            var (_, tile) = session.Products.Matrices.TilesOf(matrix.Type)!.ByRows[0];
            uint[] constants = [unit.SubgroupSize * tile.Subgroups, PowersKind, 0, .. SizesOf(tile, matrix.Type)];
            var pipeline = session.Device.Pipelines.GetOfSubgroups(unit.SubgroupSize, name, () => ShaderPack.Current.Words(name), constants);
            session.Queue.Dispatch(pipeline.Handle, push.ToAllBytes(), (uint)Math.Min(rows, session.Limits.Groups), 1, 1);
            session.Queue.Wait();
        }).Address;
    }

    /// <summary>A product of many rows by matrix units, after x has been rounded.</summary>
    private DeviceStep Cooperate(ProductCall call, MatrixTile tile)
    {
        var unit = session.Products.Matrices!.Unit;
        var constants = call.Constants(unit.SubgroupSize * tile.Subgroups, SizesOf(tile, call.Type));
        var grid = GridOf(call, tile.Rows, tile.Tokens);
        var pipeline = PipelineOf(call, "product_cooperative", constants, unit.SubgroupSize);
        var step = new ShaderStep(pipeline, call.Half!.Push, call.Rows, grid, session.Limits.Groups)
        {
            RowFactor = call.RowFactor,
        };
        return call.Half.Rounding is { } rounding ? new StepAfterStep(rounding, step) : step;
    }

    private uint[] SizesOf(MatrixTile tile, TensorType type)
    {
        var shapes = session.Products.Matrices!;
        var (unit, planes) = (shapes.Unit, shapes.TilesOf(type)!.Planes);
        return [tile.Rows, tile.Tokens, tile.PartRows, tile.PartTokens, unit.M, unit.N, unit.K, planes.OfWeights, planes.OfX];
    }
}
