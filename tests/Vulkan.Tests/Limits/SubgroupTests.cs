using System.Globalization;

namespace ArchGen.Vulkan.Tests.Limits;

/// <summary>Shaders give the same numbers for any size of a subgroup, which lavapipe chooses by the width of vectors when a process starts.</summary>
public sealed class SubgroupTests
{
    private const string Variable = "LP_NATIVE_VECTOR_WIDTH";

    /// <summary>Red for a shader that takes subgroups to have the 8 invocations that they have elsewhere.</summary>
    [Theory]
    [InlineData(128)]
    [InlineData(512)]
    public void Operations_give_the_same_numbers(int bits)
    {
        if (!TestDevice.Get().IsSoftware) TestDevice.Lacking("Only a software device has another size of subgroups.");
        var environment = new Dictionary<string, string> { [Variable] = bits.ToString(CultureInfo.InvariantCulture) };
        TestProcess.Run(environment, "-explicit", "only", "-class", typeof(SubgroupRuns).FullName!).AssertPassed(5);
    }
}
