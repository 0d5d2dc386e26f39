using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Tests;

/// <summary>The device of the tests: the first that the backend can use, which is lavapipe on the machines of CI.</summary>
internal static class TestDevice
{
    /// <summary>Set to 1, this variable of the environment makes a test that finds no device fail.</summary>
    private const string RequiredVariable = "ARCHGEN_TEST_DEVICE_REQUIRED";

    /// <summary>The same for a test of matrix units.</summary>
    private const string UnitsRequiredVariable = "ARCHGEN_TEST_MATRIX_UNITS_REQUIRED";

    /// <summary>The device; the test is skipped where there is none.</summary>
    public static VulkanDevice Get()
    {
        var device = VulkanDevice.All.FirstOrDefault(d => d.IsUsable);
        if (device is null) Lacking("There is no Vulkan device here that the backend can use.");
        return device!;
    }

    /// <summary>A device with matrix units; the test is skipped where there is none.</summary>
    public static VulkanDevice GetWithMatrixUnits()
    {
        var device = VulkanDevice.All.FirstOrDefault(d => d.IsUsable && d.MatrixUnit is not null);
        const string Reason = "There is no device with cooperative matrices here: eng/run-on-newest-lavapipe.sh has one.";
        if (device is null && Environment.GetEnvironmentVariable(UnitsRequiredVariable) == "1") Assert.Fail(Reason);
        if (device is null) Assert.Skip(Reason);
        return device;
    }

    /// <summary>Skips a test that this machine cannot run; on the machines of CI it fails.</summary>
    public static void Lacking(string reason)
    {
        if (Environment.GetEnvironmentVariable(RequiredVariable) == "1") Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
