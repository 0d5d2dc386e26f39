using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Modules;
using ArchGen.Vulkan.Tests.Bounds;
using ArchGen.Vulkan.Tests.Execution;
using ArchGen.Vulkan.Tests.Modules;

namespace ArchGen.Vulkan.Tests.Products;

/// <summary>Products by a device's matrix units against the processor's exact ones. eng/run-on-newest-lavapipe.sh runs them on a software device.</summary>
public sealed class MatrixUnitTests
{
    // Rounding to 11 bits gives some 1e-7: less means that nothing was rounded.
    private const double Least = 1e-9;
    private const double Most = 1e-6;
    private const double MostOfTwo = 1e-10;

    public static TheoryData<TensorType> Types => [.. ShaderTable.WeightTypes];

    public static TheoryData<string> GraphNames => [.. ProductTests.Graphs.Keys];

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

    /// <summary>Red for a tile that subgroups do not fill, or that does not fit the shared memory which it states.</summary>
    [Fact]
    public void The_tiles_of_a_device_give_the_results_of_the_processor()
    {
        var device = TestDevice.GetWithMatrixUnits();
        using var run = new ProductRun(TensorType.Q8_0, ProductTests.Graphs["gated"]);
        AssertRounded(run, new VulkanBackend(device) { Products = limits => ShapesOf(device, limits) }, 9, 33);
    }

    /// <summary>The same for those of hardware, whose three sizes software compiles for minutes: it is run by hand.</summary>
    [Fact(Explicit = true)]
    public void The_tiles_of_hardware_give_the_results_of_the_processor()
    {
        var device = TestDevice.GetWithMatrixUnits();
        using var run = new ProductRun(TensorType.Q8_0, ProductTests.Graphs["gated"]);
        foreach (var (_, tile) in MatrixShapes.OfHardware)
        {
            AssertRounded(run, BackendOf(device, shapes => shapes with { Matrices = OfTile(shapes, tile) }), 100);
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

    /// <summary>Red if the exact precision rounds.</summary>
    [Fact]
    public void The_exact_precision_rounds_nothing()
    {
        using var run = new ProductRun(TensorType.F16, ProductTests.Graphs["one"]);
        run.AssertSame(new VulkanBackend(TestDevice.GetWithMatrixUnits()) { Precision = DevicePrecision.Exact }, 33);
    }

    /// <summary>Red for an architecture whose results half precision spoils, or one of whose steps is not computed as it should.</summary>
    [Theory]
    [MemberData(nameof(ArchitectureTests.Recipes), MemberType = typeof(ArchitectureTests))]
    public void Every_architecture_gives_the_results_of_the_processor(string recipe)
    {
        using var run = new ModelRun(recipe);
        run.AssertClose(BackendOf(TestDevice.GetWithMatrixUnits(), Few), tolerance: Most);
    }

    /// <summary>Red for a barrier that is missing between what rounds x and a product, or an address that its step does not declare.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2moe")]
    [InlineData("deepseek2")]
    public void Steps_use_the_memory_that_they_declare(string recipe)
    {
        var device = TestDevice.GetWithMatrixUnits();
        using var run = new ModelRun(recipe);
        List<string> mistakes = [];
        var (addresses, rounded) = (0, 0);
        var arena = BackendOf(device, Few) with
        {
            Compiled = part =>
            {
                mistakes.AddRange(PlanChecker.Races(part.Steps.Groups));
                rounded += part.Steps.All.Count(step => step.Step is Product { Scratch.Count: > 0 });
            },
        };
        var separate = BackendOf(device.With(FakeDevices.SeparateRanges), Few) with
        {
            Compiled = part => mistakes.AddRange(PlanChecker.Undeclared(part, ref addresses)),
        };
        var expected = run.Results(arena);
        Assert.Equal(expected, run.Results(separate));
        foreach (var order in new[] { StepOrder.Reversed, StepOrder.Shuffled }) Assert.Equal(expected, run.Results(arena with { Order = order }));
        Assert.Empty(mistakes);
        Assert.True(addresses > 0 && rounded > 0, $"{addresses} addresses were checked, {rounded} products are rounded");
    }

    /// <summary>Red for a module that spirv-val objects to, if it knows cooperative matrices.</summary>
    [Fact]
    public void Modules_are_valid()
    {
        TestDevice.GetWithMatrixUnits();
        foreach (var type in ShaderTable.WeightTypes) SpirvValidator.Check(ShaderPack.Current.Words($"product_cooperative.{type.Name}"), type.Name);
        SpirvValidator.Check(ShaderPack.Current.Words("half_rows"), "half_rows");
    }

    /// <summary>Red for any use of matrix units that the validation layer objects to. It is read once by a process, so that this starts one.</summary>
    [Fact]
    public void The_validation_layer_is_silent()
    {
        TestDevice.GetWithMatrixUnits();
        if (VulkanInstance.Current?.HasValidation != true) TestDevice.Lacking("There is no validation layer here (Debian: vulkan-validationlayers).");
        var test = $"{typeof(ValidationRuns).FullName}.{nameof(ValidationRuns.Matrix_units_give_no_message)}";
        TestProcess.Run(new Dictionary<string, string> { [VulkanInstance.ValidationVariable] = "1" }, "-explicit", "only", "-method", test).AssertPassed(3);
    }

    /// <summary>A device with tiles so small that software compiles them soon.</summary>
    internal static VulkanBackend BackendOf(VulkanDevice device, Func<ProductShapes, ProductShapes> change) => new(device)
    {
        Products = limits =>
        {
            var (shapes, unit) = (ShapesOf(device, limits), device.MatrixUnit!);
            return change(shapes with { Matrices = OfTile(shapes, new(4 * unit.M, 2 * unit.N, 2 * unit.M, unit.N)) });
        },
    };

    /// <summary>Matrix units for as few rows as recipes have tokens.</summary>
    internal static ProductShapes Few(ProductShapes shapes) => shapes with { FewRows = 1 };

    private static MatrixShapes OfTile(ProductShapes shapes, MatrixTile tile)
    {
        return new MatrixShapes(
            shapes.Matrices!.Unit, Of(MatrixShapes.PlanesOfQuantized), Of(MatrixShapes.PlanesOfHalf), Of(MatrixShapes.PlanesOfSingle));

        MatrixTiles Of(HalfPlanes planes) => new(planes, [(long.MaxValue, tile)], tile with { Tokens = shapes.NarrowTile.Tokens });
    }

    private static ProductShapes ShapesOf(VulkanDevice device, DeviceLimits limits) =>
        ProductShapes.OfHardware(limits, device.Properties.SubgroupSize).WithMatrices(device, limits);

    private static void AssertRounded(ProductRun run, VulkanBackend backend, params ReadOnlySpan<int> rows)
    {
        foreach (var (count, error) in run.Errors(backend, rows))
        {
            // Two numbers in half precision have 21 bits, nearly as many as one in single precision; and types with 16 bits lose none.
            if (run.Type is TensorType.F32 or TensorType.F16 or TensorType.BF16) Assert.True(error <= MostOfTwo, $"NMSE {error:E2} for {count} rows");
            else Assert.True(error is >= Least and <= Most, $"NMSE {error:E2} for {count} rows");
        }
    }
}
