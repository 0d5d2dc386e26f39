using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Tests.Products;

/// <summary>Matrix products of the device against the processor's exact ones.</summary>
public sealed class ProductTests
{
    // A dispatch has at most three matrices.
    internal static readonly Dictionary<string, Func<GraphBuilder, int, int>> Graphs = new(StringComparer.Ordinal)
    {
        ["one"] = (b, x) => Linear(b, x, "w", 43),
        ["scale and bias"] = (b, x) =>
            b.Add("y", Op.Linear, [x, Weight(b, "w", 43, ProductRun.Width), Weight(b, "bias", 43), Weight(b, "scale", 1)], default),
        ["residual"] = (b, x) => b.Add(
            "y", Op.Multiply, [b.Add("sum", Op.Add, [Linear(b, x, "w", ProductRun.Width), x], default), Weight(b, "gain", ProductRun.Width)], default),
        ["four of the same x"] = (b, x) => Join(b, [Linear(b, x, "w0", 43), Linear(b, x, "w1", 6), Linear(b, x, "w2", 70), Linear(b, x, "w3", 1)]),
        ["gated"] = (b, x) => Gated(b, x, 43),
        ["rows are heads"] = (b, x) => b.Add("y", Op.Linear, [Heads(b, x, 2), Weight(b, "w", 5, ProductRun.Width / 2)], default),
        ["a matrix for each head"] = (b, x) => b.Add("y", Op.HeadLinear, [Heads(b, x, 2), Weight(b, "w", 2, 43, ProductRun.Width / 2)], default),
        ["experts"] = Experts,
        ["residual of a gate"] = (b, x) => Residual(b, Gated(b, x, ProductRun.Width), x, Weight(b, "gain", ProductRun.Width)),
        ["residual of rows that are heads"] = (b, x) => Residual(
            b, b.Add("product", Op.Linear, [Heads(b, x, 2), Weight(b, "w", 256, 256)], default), Heads(b, x, 2), Weight(b, "gain", 2, 256)),
        ["residual of a matrix for each head"] = (b, x) => Residual(
            b, b.Add("product", Op.HeadLinear, [Heads(b, x, 2), Weight(b, "w", 2, 256, 256)], default), Heads(b, x, 2), Weight(b, "gain", 2, 1)),
        ["gated experts"] = GatedExperts,
        ["gate and product of the same x"] = (b, x) => Join(b, [Gated(b, x, ProductRun.Width), Linear(b, x, "w", 43), Linear(b, x, "w2", 6)]),
    };

    /// <summary>Those whose elementwise operations are all computed by the products.</summary>
    public static TheoryData<string> Applied => [.. Graphs.Keys.Where(name => name.Contains("residual", StringComparison.Ordinal)), "gated experts"];

    public static TheoryData<TensorType> Types => [.. ShaderTable.WeightTypes];

    public static TheoryData<string> GraphNames => [.. Graphs.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void Weights_of_every_type_give_the_results_of_the_processor(TensorType type)
    {
        using var run = new ProductRun(type, Graphs["one"]);
        run.AssertSame(ProductRun.WithHardwareShapes, 1, 9, 33);
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Any_number_of_rows_gives_the_results_of_the_processor(string graph)
    {
        using var run = new ProductRun(TensorType.Q8_0, Graphs[graph]);
        run.AssertSame(ProductRun.WithHardwareShapes, 1, 2, 8, 9, 33, 100);
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Shapes_for_the_device_give_the_results_of_the_processor(string graph)
    {
        using var run = new ProductRun(TensorType.Q4_0, Graphs[graph]);
        run.AssertSame(new VulkanBackend(TestDevice.Get()) { Precision = DevicePrecision.Exact }, 1, 2, 8, 9, 33, 100);
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void The_lowest_limits_give_the_results_of_the_processor(string graph)
    {
        using var run = new ProductRun(TensorType.F16, Graphs[graph]);
        run.AssertSame(ProductRun.WithHardwareShapes with { Limits = new DeviceLimits(2, 16 << 10, 128) }, 1, 33, 100);
    }

    [Theory]
    [InlineData(TensorType.F32, 17)]
    [InlineData(TensorType.F16, 5)]
    [InlineData(TensorType.BF16, 29)]
    [InlineData(TensorType.F16, 1)]
    public void Widths_of_no_whole_eights_give_the_results_of_the_processor(TensorType type, int width)
    {
        // The slice begins at no multiple of 16 bytes.
        using var run = new ProductRun(type, (b, x) => b.Add(
            "y", Op.Linear, [b.Add("slice", Op.Slice, [x], new((Attr.Start, 3), (Attr.Length, width))), Weight(b, "w", 43, width)], default));
        run.AssertSame(ProductRun.WithHardwareShapes, 1, 2, 9, 33);
        run.AssertSame(new VulkanBackend(TestDevice.Get()) { Precision = DevicePrecision.Exact }, 1, 9);
    }

    [Fact]
    public void Sums_of_many_products_stay_exact()
    {
        using var run = new ProductRun(TensorType.F32, (b, x) =>
        {
            for (var i = 0; i < 5; i++) x = b.Add($"twice{i}", Op.Concat, [x, x], default);
            return b.Add("y", Op.Linear, [x, Weight(b, "w", 40, ProductRun.Width << 5)], default);
        });
        run.AssertSame(ProductRun.WithHardwareShapes, 1, 9, 33);
    }

    /// <summary>Red if what follows a product of any kind is a step of its own.</summary>
    [Theory]
    [MemberData(nameof(Applied))]
    public void What_follows_is_computed_by_the_product(string graph)
    {
        using var run = new ProductRun(TensorType.F16, Graphs[graph]);
        AssertApplied(run);
    }

    /// <summary>Red if what follows a rotation is a step of its own.</summary>
    [Fact]
    public void What_follows_is_computed_by_the_rotation()
    {
        using var run = new ProductRun(TensorType.F16, (b, x) => Attention(
            b, Residual(b, Rope(b, Heads(b, x, 2)), Heads(b, x, 2), Weight(b, "gain", 2, 256)), Heads(b, x, 2)));
        AssertApplied(run);
    }

    /// <summary>Red if a long sum is not divided among more invocations where there are few workgroups, or another one is.</summary>
    [Theory]
    [InlineData(10, 16384, 256)]
    [InlineData(200, 16384, 256)]
    [InlineData(300, 16384, 128)]
    [InlineData(600, 16384, 64)]
    [InlineData(10, 1024, 128)]
    [InlineData(10, 512, 64)]
    public void Long_sums_of_few_workgroups_have_more_invocations(long groups, int width, uint invocations)
    {
        Assert.Equal(invocations, ProductShapes.OfHardware(new DeviceLimits(65535, 32 << 10, 1024), 32).InvocationsOf(groups, width));
        Assert.Equal(64u, ProductShapes.OfHardware(new DeviceLimits(65535, 32 << 10, 64), 32).InvocationsOf(groups, width));
    }

    private static void AssertApplied(ProductRun run)
    {
        var chains = new List<string>();
        run.AssertSame(
            ProductRun.WithHardwareShapes with
            {
                Compiled = part => chains.AddRange(part.Steps.All.Select(s => s.Step).OfType<ChainOperation>().Select(c => $"{c.Node}: {c.Chain.Key}")),
            },
            3);
        Assert.Empty(chains);
    }

    private static int Gated(GraphBuilder b, int x, int rows) => b.Add(
        "gated", Op.Multiply, [b.Add("gelu", Op.Gelu, [Linear(b, x, "wg", rows)], default), Linear(b, x, "wu", rows)], default);

    private static int Rope(GraphBuilder b, int x) => b.Add("rope", Op.Rope, [x, -1], new(
        (Attr.Kind, (int)RopeKind.HalfSplit), (Attr.Dims, 200), (Attr.FreqBase, 10000), (Attr.FreqScale, 1), (Attr.ExtFactor, 0), (Attr.AttnFactor, 1),
        (Attr.BetaFast, 32), (Attr.BetaSlow, 1), (Attr.OriginalContext, 2048), (Attr.Truncated, 1)));

    // Reads all rows, so that none is dropped before.
    private static int Attention(GraphBuilder b, int query, int key) => b.Add("attention", Op.Attention, [query, query, key, -1, -1], new(
        (Attr.Factor, 0.1), (Attr.Mask, (int)AttentionMask.Bidirectional), (Attr.Window, 0), (Attr.Softcap, 0), (Attr.AlibiMaxBias, 0),
        (Attr.BucketsMaxDistance, 0), (Attr.Layer, 0)));

    private static int Residual(GraphBuilder b, int product, int x, int gain) =>
        b.Add("y", Op.Multiply, [b.Add("sum", Op.Add, [product, x], default), gain], default);

    private static int GatedExperts(GraphBuilder b, int x)
    {
        var ids = b.Add("ids", Op.TopK, [b.Add("router", Op.Linear, [x, Weight(b, "router.weight", 12, ProductRun.Width)], default)], new((Attr.Count, 3)));
        var gate = b.Add("gate", Op.ExpertLinear, [x, Weight(b, "wg", 12, ProductRun.Width, ProductRun.Width), ids], default);
        var up = b.Add("up", Op.ExpertLinear, [x, Weight(b, "wu", 12, ProductRun.Width, ProductRun.Width), ids], default);
        var gated = b.Add("gated", Op.Multiply, [b.Add("silu", Op.Silu, [gate], default), up], default);
        var down = b.Add("down", Op.ExpertLinear, [gated, Weight(b, "wd", 12, 43, ProductRun.Width), ids], default);
        // A factor for each use.
        return Residual(b, down, Weight(b, "offset", 43), Weight(b, "gain", 3, 1));
    }

    private static int Experts(GraphBuilder b, int x)
    {
        var ids = b.Add("ids", Op.TopK, [b.Add("router", Op.Linear, [x, Weight(b, "router.weight", 12, ProductRun.Width)], default)], new((Attr.Count, 3)));
        var up = b.Add("up", Op.ExpertLinear, [x, Weight(b, "wu", 12, ProductRun.Width, ProductRun.Width), ids], default);
        return b.Add("down", Op.ExpertLinear, [up, Weight(b, "wd", 12, 43, ProductRun.Width), ids, Weight(b, "bias", 12, 43), Weight(b, "scale", 12)], default);
    }

    private static int Linear(GraphBuilder b, int x, string name, int rows) =>
        b.Add($"product of {name}", Op.Linear, [x, Weight(b, name, rows, ProductRun.Width)], default);

    private static int Join(GraphBuilder b, int[] parts) => parts.Aggregate((a, part) => b.Add($"join{part}", Op.Concat, [a, part], default));

    private static int Heads(GraphBuilder b, int x, int count) => b.Add("heads", Op.Heads, [x], new((Attr.Count, count)));

    private static int Weight(GraphBuilder b, string name, params Dim[] dims) => b.Leaf(Op.Weight, name, new Shape(dims));
}
