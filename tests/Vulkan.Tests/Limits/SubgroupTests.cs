using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Vulkan.Tests.Limits;

/// <summary>Shaders give the same numbers for any size of a subgroup, which lavapipe chooses by the width of vectors when a process starts.</summary>
public sealed class SubgroupTests
{
    private const string Variable = "LP_NATIVE_VECTOR_WIDTH";

    /// <summary>Red for a shader that takes subgroups to have as many invocations as they have elsewhere.</summary>
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Operations_give_the_same_numbers(int bits)
    {
        var device = TestDevice.Get();
        if (!device.IsSoftware) TestDevice.Lacking("Only a software device has another size of subgroups.");
        if (bits == 32 * device.Properties.SubgroupSize) Assert.Skip("All other tests have this size.");
        if (bits == 512 && !Avx512F.IsSupported) Assert.Skip("Without AVX-512, lavapipe compiles these vectors for many minutes.");
        var environment = new Dictionary<string, string> { [Variable] = bits.ToString(CultureInfo.InvariantCulture) };
        TestProcess.Run(environment, "-explicit", "only", "-class", typeof(SubgroupRuns).FullName!).AssertPassed(5);
    }
}
