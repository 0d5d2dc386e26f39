using ArchGen.Fixtures;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests.Execution;
using ArchGen.Vulkan.Tests.Products;

namespace ArchGen.Vulkan.Tests.Bounds;

/// <summary>What <see cref="ValidationTests"/> runs in processes in which the validation layer is on. Nothing else runs it.</summary>
public sealed class ValidationRuns
{
    private static readonly Lazy<VulkanDevice> Optimized = new(() => FakeDevices.OfSeparateRanges(SpirvOptimizer.Optimize));

    private const string AlignmentRule = "PhysicalStorageBuffer64-06314";

    /// <summary>Red for any use of Vulkan that the layer objects to.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void Every_operation_gives_no_message(string recipe)
    {
        Run(recipe, FakeDevices.Separate, _ => { });
        Assert.Empty(TakeMessages());
    }

    /// <summary>Red for a feature that is not switched on, a size of subgroups that may not be demanded, or a module that is not valid.</summary>
    [Theory(Explicit = true)]
    [InlineData("llama")]
    [InlineData("qwen2moe")]
    [InlineData("bert")]
    public void Matrix_units_give_no_message(string recipe)
    {
        using var run = new ModelRun(recipe);
        run.Results(MatrixUnitTests.BackendOf(TestDevice.GetWithMatrixUnits(), MatrixUnitTests.Few));
        // glslc states an alignment of 4 where a shader loads an address from a frame. Newer layers want 8, which it has.
        Assert.DoesNotContain(TakeMessages(), message => !message.Contains(AlignmentRule, StringComparison.Ordinal));
    }

    /// <summary>With the GPU-assisted layer: red for a shader that reads or writes outside of its operands.</summary>
    [Theory(Explicit = true)]
    [InlineData("llama")]
    [InlineData("qwen2moe")]
    [InlineData("mamba2")]
    [InlineData("qwen3next")]
    [InlineData("t5")]
    [InlineData("bert")]
    [InlineData("gpt-oss")]
    [InlineData("deepseek2")]
    public void Some_architectures_give_no_message(string recipe)
    {
        Run(recipe, Optimized.Value, _ => { });
        Assert.Empty(TakeMessages());
    }

    /// <summary>Red if the GPU-assisted layer is not there, or does not see reads and writes past the end of a buffer.</summary>
    [Fact(Explicit = true)]
    public void One_row_too_many_gives_a_message()
    {
        Run("llama", Optimized.Value, part =>
        {
            foreach (var step in part.Steps.All.SelectMany(step => step.Choices).OfType<ShaderStep>()) step.ExcessRows = 1;
        });
        Assert.Contains(TakeMessages(), message => message.Contains("ccess", StringComparison.Ordinal));
    }

    /// <summary>Red if the layer is not there.</summary>
    [Fact(Explicit = true)]
    public void A_clock_without_readings_gives_a_message()
    {
        var reported = new List<string>();
        VulkanDevice.ValidationReport = reported.Add;
        new Timestamps(TestDevice.Get().Open(), 0).Dispose();
        VulkanDevice.ValidationReport = null;
        Assert.Equal(reported, TakeMessages());
        Assert.NotEmpty(reported);
    }

    private static void Run(string recipe, VulkanDevice device, Action<CompiledPart> compiled)
    {
        using var run = new ModelRun(recipe);
        var backend = new VulkanBackend(device) { Compiled = compiled };
        // The GPU-assisted layer makes each read and write a search: unrolled loops become very large.
        if (device != FakeDevices.Separate)
            backend = backend with { Products = limits => ProductShapes.Of(device, limits, DevicePrecision.Exact) with { RowsForOne = 2, RowsForSome = 2 } };

        foreach (var size in run.Sizes) run.Results(backend, size);
    }

    private static string[] TakeMessages()
    {
        lock (VulkanInstance.Messages)
        {
            // The GPU-assisted layer says what it changes for itself.
            string[] messages = [.. VulkanInstance.Messages.Where(message => !message.Contains("validation is adjusting", StringComparison.Ordinal))];
            VulkanInstance.Messages.Clear();
            return messages;
        }
    }
}
