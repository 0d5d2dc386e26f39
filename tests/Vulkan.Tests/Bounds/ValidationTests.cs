using ArchGen.Fixtures;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Tests.Execution;

namespace ArchGen.Vulkan.Tests.Bounds;

/// <summary>The validation layer of Khronos has nothing to say of any operation. It is read once by a process, so that each test starts one.</summary>
public sealed class ValidationTests
{
    private const string AssistedVariable = "ARCHGEN_TEST_GPU_ASSISTED";

    [Fact]
    public void The_layer_is_silent()
    {
        Demand();
        TestProcess.Run(Layer([]), Arguments(nameof(ValidationRuns.Every_operation_gives_no_message))).AssertPassed(CoveringRecipes.Names.Count);
        TestProcess.Run(Layer([]), Arguments(nameof(ValidationRuns.A_clock_without_readings_gives_a_message))).AssertPassed(1);
    }

    // The layer makes each access a search, which software compiles for minutes.
    [Fact]
    public void The_layer_finds_no_access_outside_of_buffers()
    {
        Demand();
        if (Environment.GetEnvironmentVariable(AssistedVariable) != "1") Assert.Skip($"It takes many minutes. Set {AssistedVariable}=1 to run it.");
        var assisted = Layer(new() { ["VK_LAYER_ENABLES"] = "VK_VALIDATION_FEATURE_ENABLE_GPU_ASSISTED_EXT", ["VK_LAYER_GPUAV_ENABLE"] = "1" });
        TestProcess.Run(assisted, Arguments(nameof(ValidationRuns.Some_architectures_give_no_message))).AssertPassed(8);
        TestProcess.Run(assisted, Arguments(nameof(ValidationRuns.One_row_too_many_gives_a_message))).AssertPassed(1);
    }

    private static Dictionary<string, string> Layer(Dictionary<string, string> more) => new(more) { [VulkanInstance.ValidationVariable] = "1" };

    private static string[] Arguments(string test) => ["-explicit", "only", "-method", $"{typeof(ValidationRuns).FullName}.{test}"];

    private static void Demand()
    {
        TestDevice.Get();
        if (VulkanInstance.Current?.HasValidation != true) TestDevice.Lacking("There is no validation layer here (Debian: vulkan-validationlayers).");
    }
}
