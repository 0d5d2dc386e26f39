using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Modules;
using ArchGen.Vulkan.Tests.Execution;

namespace ArchGen.Vulkan.Tests.Products;

/// <summary>Products by a device's matrix units against the processor's exact ones. eng/run-on-newest-lavapipe.sh runs them without a graphics device.</summary>
public sealed class MatrixUnitTests
{
    // Rounding to 11 bits gives some 1e-7: less means that nothing was rounded.
    private const double Least = 1e-9;
    private const double Most = 1e-6;

    public static TheoryData<TensorType> Types => [.. ShaderTable.WeightTypes];

    public static TheoryData<string> GraphNames => [.. ProductTests.Graphs.Keys];

    public static TheoryData<string> Recipes => ModelRun.Recipes;

    private static VulkanBackend Backend => BackendOf(TestDevice.GetWithMatrixUnits(), shapes => shapes);

    /// <summary>Red for a decoder whose weights come to another place of the tile, or whose rows have wrong powers.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Weights_of_every_type_give_the_results_of_the_processor(TensorType type)
    {
        using var run = new ProductRun(type, ProductTests.Graphs["one"]);
        AssertRounded(run, Backend, 9, 33);
    }

    /// <summary>Red for a kind of product, or a number of rows, that takes wrong rows of x or of a matrix.</summary>
    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Any_number_of_rows_gives_the_results_of_the_processor(string graph)
    {
        using var run = new ProductRun(TensorType.Q8_0, ProductTests.Graphs[graph]);
        AssertRounded(run, Backend, 9, 33, 100);
        run.AssertSame(Backend, 1, 4);
    }

    /// <summary>Red for a tile whose subgroups do not meet: the sizes that only large products have.</summary>
    [Fact]
    public void The_largest_tile_gives_the_results_of_the_processor()
    {
        foreach (var graph in new[] { "gated", "four of the same x" })
        {
            using var run = new ProductRun(TensorType.Q4_0, ProductTests.Graphs[graph]);
            var backend = BackendOf(TestDevice.GetWithMatrixUnits(), shapes => shapes with
            {
                Matrices = shapes.Matrices! with { Tiles = [(long.MaxValue, shapes.Matrices.Tiles[^1].Tile)] },
            });
            AssertRounded(run, backend, 100);
        }
    }

    /// <summary>Red if numbers overflow in half precision, or fall below its smallest: without powers of two the results would be NaN, or 0.</summary>
    [Theory]
    [InlineData(TensorType.F32, 1e9f)]
    [InlineData(TensorType.F32, 1e-9f)]
    [InlineData(TensorType.BF16, 1e7f)]
    [InlineData(TensorType.BF16, 1e-8f)]
    public void Numbers_out_of_the_range_of_half_precision_do_not_overflow(TensorType type, float scale)
    {
        using var run = new ProductRun(type, ProductTests.Graphs["one"], scale);
        AssertRounded(run, Backend, 9, 33);
    }

    [Theory]
    [InlineData(TensorType.F32, 17)]
    [InlineData(TensorType.F16, 5)]
    [InlineData(TensorType.BF16, 29)]
    [InlineData(TensorType.F16, 1)]
    public void Widths_of_no_whole_eights_give_the_results_of_the_processor(TensorType type, int width)
    {
        using var run = new ProductRun(type, (b, x) => b.Add(
            "y", Op.Linear,
            [b.Add("slice", Op.Slice, [x], new((Attr.Start, 3), (Attr.Length, width))), b.Leaf(Op.Weight, "w", new Shape(43, width))], default));
        AssertRounded(run, Backend, 9, 33);
    }

    /// <summary>Red if weights in single precision are rounded without being asked for, or others are not.</summary>
    [Fact]
    public void Weights_in_single_precision_stay_exact()
    {
        var device = TestDevice.GetWithMatrixUnits();
        var backend = BackendOf(device, shapes => shapes with { Matrices = shapes.Matrices! with { RoundsSingle = false } });
        using var single = new ProductRun(TensorType.F32, ProductTests.Graphs["one"]);
        single.AssertSame(backend, 33);
        using var half = new ProductRun(TensorType.F16, ProductTests.Graphs["one"]);
        AssertRounded(half, backend, 33);
        half.AssertSame(new VulkanBackend(device) { Precision = DevicePrecision.Exact }, 33);
    }

    /// <summary>Red for an architecture whose results half precision spoils, or one of whose steps is not computed as it should.</summary>
    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_architecture_gives_the_results_of_the_processor(string recipe)
    {
        using var run = new ModelRun(recipe);
        run.AssertClose(BackendOf(TestDevice.GetWithMatrixUnits(), shapes => shapes with { FewRows = 1 }), Most);
    }

    internal static VulkanBackend BackendOf(VulkanDevice device, Func<ProductShapes, ProductShapes> change) => new(device)
    {
        Products = limits =>
        {
            var shapes = ProductShapes.OfHardware(limits, device.Properties.SubgroupSize).WithMatrices(device.MatrixUnit, limits);
            return change(shapes with { Matrices = shapes.Matrices! with { RoundsSingle = true } });
        },
    };

    private static void AssertRounded(ProductRun run, VulkanBackend backend, params ReadOnlySpan<int> rows)
    {
        foreach (var (count, error) in run.Errors(backend, rows)) Assert.True(error is >= Least and <= Most, $"NMSE {error:E2} for {count} rows");
    }
}
