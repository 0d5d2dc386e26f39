using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Execution;

/// <content>Matrix products.</content>
internal sealed partial class StepCompiler
{
    // What the push constants have places for.
    private const int MatricesOfDispatch = 3;

    private IEnumerable<DeviceStep> Multiply(Product step)
    {
        var x = memory.View(step.X);
        var half = Round(step, step.X, step.Matrices);
        var matrices = step.Matrices.Select(matrix => MatrixOf(matrix, half is not null)).ToArray();
        var results = step.Results.Select(memory.View).ToArray();
        var (hole, operands) = After(step.After, step.Results[0]);
        var isRounded = false;
        for (int begin = 0, end; begin < matrices.Length; begin = end)
        {
            end = begin + 1;
            while (end < Math.Min(matrices.Length, begin + MatricesOfDispatch) && SharesDispatch(matrices[begin], matrices[end])) end++;
            var (some, ys) = (matrices[begin..end], results[begin..end]);
            var call = new ProductCall(ProductKind.Plain, some[0].Type, Push(x, some, ys, operands), step.X.Rows, [.. some.Select(m => m.Rows)])
            {
                Width = x.Width,
                RowFactor = x.Heads,
                IsAligned = IsAligned(x),
                Holes = [hole],
                Half = half is { } rounded && some[0].Powers != 0
                    ? new HalfCall(Push(rounded.X, WithPowers(some), ys, operands), isRounded ? null : rounded.Step)
                    : null,
            };
            isRounded |= call.Half is not null;
            var values = Enumerable.Range(begin, end - begin).SelectMany(i => step.Matrices[i].Reads).Prepend(step.X).Concat(step.After?.Operands ?? []);
            var compiled = ByRows(call);
            compiled.Reads = [.. values.Select(value => memory.Addresses(value.Buffer)), .. Scratch(step)];
            var written = step.Results.Take(begin..end).Select(value => memory.Addresses(value.Buffer));
            compiled.Writes = call.Half?.Rounding is null ? [.. written] : [.. written, .. Scratch(step)];
            yield return compiled;
        }

        static bool SharesDispatch(DeviceMatrix a, DeviceMatrix b) =>
            a.Type == b.Type && a.RowBytes == b.RowBytes && a.Scale == 0 && b.Scale == 0 && a.Powers == 0 == (b.Powers == 0);

        static PushConstants Push(ValueView x, DeviceMatrix[] matrices, ValueView[] results, ulong operands)
        {
            var push = PushX(x, x.MatrixStride, matrices[0]);
            foreach (var (matrix, result) in matrices.Zip(results)) PushMatrix(push, matrix, result);
            return operands == 0 ? push : push.Add(0ul).Add(0ul).Add(0ul).Add(0u).Add(0u).Add(0ul).Add(0ul).Add(operands);
        }
    }

    private IEnumerable<DeviceStep> Multiply(GatedProduct step)
    {
        ValueView x = memory.View(step.X), y = memory.View(step.Result);
        var half = Round(step, step.X, [step.Gate, step.Up]);
        DeviceMatrix[] matrices = [MatrixOf(step.Gate, half is not null), MatrixOf(step.Up, half is not null)];
        var activation = new ChainHole("activate", new Chain([step.Activation], step.Activation.Input(Slot.X)));
        var (hole, operands) = After(step.After, step.Result);
        return
        [
            ByRows(new ProductCall(ProductKind.Gated, matrices[0].Type, Push(x, matrices), step.X.Rows, [matrices[0].Rows])
            {
                Width = x.Width,
                RowFactor = x.Heads,
                Holes = [activation, hole],
                IsAligned = IsAligned(x),
                Half = half is { } rounded && Array.TrueForAll(matrices, m => m.Powers != 0)
                    ? new HalfCall(Push(rounded.X, WithPowers(matrices)), rounded.Step)
                    : null,
            }),
        ];

        PushConstants Push(ValueView from, DeviceMatrix[] pair)
        {
            var push = PushX(from, from.MatrixStride, pair[0]);
            foreach (var matrix in pair) PushMatrix(push, matrix, y);
            return push.Add(pair[1].Scale).Add(0ul).Add(operands);
        }
    }

    private DeviceStep Multiply(HeadProduct step)
    {
        ValueView x = memory.View(step.X), y = memory.View(step.Result);
        var half = Round(step, step.X, [step.Matrix]);
        var matrix = MatrixOf(step.Matrix, half is not null);
        var (hole, operands) = After(step.After, step.Result);
        return ByRows(new ProductCall(ProductKind.Heads, matrix.Type, Push(x, matrix), step.X.Rows, [matrix.Rows])
        {
            Width = x.Width,
            Heads = x.Heads,
            Holes = [hole],
            IsAligned = IsAligned(x),
            Half = half is { } rounded && matrix.Powers != 0 ? new HalfCall(Push(rounded.X, WithPowers([matrix])[0]), rounded.Step) : null,
        });

        PushConstants Push(ValueView from, DeviceMatrix m) => PushX(from, from.RowStride, m)
            .Add(m.Address).Add(m.Bias).Add(y.Address).Add(m.Rows).Add(checked((uint)y.RowStride))
            .Add(0ul).Add(0ul).Add(0ul).Add(from.Heads).Add(0u)
            .Add(0ul).Add(0ul).Add(operands).Add(checked((uint)from.HeadStride)).Add(checked((uint)y.HeadStride));
    }

    /// <summary>A weight as it lies in the file, uploaded once for all contexts; or one computed from weights, as floats.</summary>
    private DeviceMatrix MatrixOf(PlanMatrix matrix, bool isHalf = false)
    {
        ulong bias = memory.Address(matrix.Bias), scale = memory.Address(matrix.Scale);
        if (matrix.Computed is null)
        {
            var tensor = session.Model.Find(matrix.Weight);
            var address = session.Weights.Stored(tensor, session.Model.TotalBytes).Address;
            var stored = new DeviceMatrix(tensor.Type, address, tensor.Type.ByteLength(matrix.Width), matrix.Rows, matrix.Width, bias, scale);
            return isHalf && session.TilesOf(matrix) is not null ? stored with { Powers = PowersOf(tensor, stored) } : stored;
        }

        var view = memory.View(matrix.Computed);
        return new DeviceMatrix(TensorType.F32, view.Address, view.HeadStride * sizeof(float), matrix.Rows, matrix.Width, bias, scale);
    }

    private DevicePipeline PipelineOf(ProductCall call, string shader, uint[] constants, uint subgroupSize = 0) =>
        PipelineWith(call.Holes, $"{shader}.{call.Type.Name}", constants, subgroupSize);

    private static PushConstants PushX(ValueView x, long stride, DeviceMatrix matrix) => new PushConstants()
        .Add(x.Width).Add(x.Address).Add(checked((uint)stride)).Add(checked((uint)matrix.RowBytes)).Add(matrix.Scale);

    private static void PushMatrix(PushConstants push, DeviceMatrix matrix, ValueView y) =>
        push.Add(matrix.Address).Add(matrix.Bias).Add(y.Address).Add(matrix.Rows).Add(checked((uint)y.MatrixStride));

    private static bool IsAligned(ValueView x) => x.Address % 16 == 0 && x.RowStride % 4 == 0 && x.HeadStride % 4 == 0;

    /// <summary>The shaders for one row, for a few, and for many; as far as the largest micro-batch needs them.</summary>
    private DeviceStep ByRows(ProductCall call)
    {
        var shapes = session.Products;
        (long Most, Func<DeviceStep> Make)[] many = call.Half is not null
            ? [.. shapes.Matrices!.TilesOf(call.Type)!.ByRows.Select(choice => (choice.Most, (Func<DeviceStep>)(() => Cooperate(call, choice.Tile))))]
            : [(shapes.NarrowTile.Tokens, () => Tiles(call, shapes.NarrowTile)), (long.MaxValue, () => Tiles(call, shapes.Tile))];
        (long Most, Func<DeviceStep> Make)[] choices =
            [(1, () => Vector(call, 1)), (4, () => Vector(call, 4)), (shapes.FewRows, () => Vector(call, 8)), .. many];
        var capacity = (long)memory.Limits.Capacity(call.Rows) * call.RowFactor;
        DeviceStep? step = null;
        for (var i = choices.Length - 1; i >= 0; i--)
        {
            var most = choices[i].Most;
            if (i > 0 && choices[..i].Max(choice => choice.Most) >= Math.Min(most, capacity)) continue;
            if (step is null) step = choices[i].Make();
            else if (most >= call.RowFactor) step = new StepByRows(call.Rows, (int)(most / call.RowFactor), choices[i].Make(), step);
        }

        return step!;
    }

    private ShaderStep Vector(ProductCall call, int tokens)
    {
        var shapes = session.Products;
        var rows = tokens == 1 ? shapes.RowsForOne : shapes.RowsForSome;
        var invocations = shapes.InvocationsOf((long)call.Groups(rows) * call.Depth * (call.Kind == ProductKind.Experts ? call.Heads : 1), call.Width);
        var pipeline = PipelineOf(call, "product_vector", call.Constants(invocations, rows, (uint)tokens));
        var grid = new Grid(call.Kind == ProductKind.Experts ? call.Heads : 1, tokens, call.Groups(rows), call.Depth);
        return new ShaderStep(pipeline, call.Push, call.Rows, grid, session.Limits.Groups) { RowFactor = call.RowFactor };
    }

    private ShaderStep Tiles(ProductCall call, ProductTile tile)
    {
        var constants = call.Constants(tile.Invocations, tile.Rows, tile.Tokens, tile.Depth, tile.ItemRows, tile.ItemTokens);
        var pipeline = PipelineOf(call, "product_tiles", constants);
        return new ShaderStep(pipeline, call.Push, call.Rows, GridOf(call, tile.Rows, tile.Tokens), session.Limits.Groups) { RowFactor = call.RowFactor };
    }

    private static Grid GridOf(ProductCall call, uint tileRows, uint tileTokens)
    {
        // How many tiles the uses of experts make is known on the device alone: more where they are spread over many.
        var grid = call.Kind == ProductKind.Experts ? new Grid(call.Heads, Math.Max(1, tileTokens / 4)) : new Grid(1, tileTokens);
        return grid with { Y = call.Groups(tileRows), Z = call.Depth };
    }
}
