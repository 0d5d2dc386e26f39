using System.Diagnostics;
using ArchGen.Fixtures;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Tests;
using Silk.NET.Vulkan;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>What the command says of devices: those there are, those that cannot be used, and options that make no sense.</summary>
public sealed class DeviceOptionTests : IDisposable
{
    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");

    private static readonly string[] Run = ["run", Stories, "-p", "Once upon a time", "-n", "4", "--temp", "0"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        VulkanDevice.Pretended = null;
        _folder.Dispose();
    }

    /// <summary>Red if a name that fits nothing, or too much, chooses a device; or if the message does not list what there is.</summary>
    [Fact]
    public void A_name_means_one_device()
    {
        var device = TestDevice.Get();
        VulkanDevice.Pretended = [device];
        Fails($"--device nonsense is no device of this machine. There are {device.Id} ({device.Name}); 'none' is the processor.", "--device", "nonsense");
        Fails($"--device {device.Id},{device.Id} names a device twice.", "--device", $"{device.Id},{device.Id}");
        VulkanDevice.Pretended = [device, device.With(new DeviceFakes())];
        Fails($"--device {device.Name[..4]} is several devices of this machine.", "--device", device.Name[..4]);
    }

    /// <summary>Red if a number that is none is taken for one, or shares for another number of devices.</summary>
    [Theory]
    [InlineData("-ngl is 'many', expected a whole number, 'auto' or 'all'.", "-ngl", "many")]
    [InlineData("-ngl is '-2', expected", "-ngl=-2")]
    [InlineData("-ngl is '1.5', expected", "-ngl", "1.5")]
    [InlineData("--tensor-split 1,2 has 2 shares for 1 devices; expected one for each", "--tensor-split", "1,2")]
    [InlineData("--tensor-split 0 has 1 shares for 1 devices; expected one for each, and not all 0.", "--tensor-split", "0")]
    [InlineData("--tensor-split: 'x' is no share", "--tensor-split", "x")]
    [InlineData("--tensor-split: '-1' is no share", "--tensor-split=-1")]
    [InlineData("--tensor-split: 'inf' is no share", "--tensor-split", "inf")]
    [InlineData("--cpu-moe is 'x', expected a whole number, 0 or more.", "--cpu-moe", "x")]
    public void Numbers_are_checked(string message, params string[] options)
    {
        VulkanDevice.Pretended = [TestDevice.Get()];
        Fails(message, ["--device", TestDevice.Get().Id, .. options]);
    }

    /// <summary>Red if a device that lacks something is not listed with it, is used, or its place is taken by the processor without a word.</summary>
    [Fact]
    public void A_device_that_lacks_a_feature_is_listed_and_refused()
    {
        var device = TestDevice.Get().With(new DeviceFakes { Missing = ["shaderInt64"], Type = PhysicalDeviceType.DiscreteGpu });
        VulkanDevice.Pretended = [device];
        var problem = $"{device.Name} cannot be used: it lacks shaderInt64. Update its driver, or choose another device.";
        var list = Archgen.Run("devices");
        Assert.Equal((0, ""), (list.ExitCode, list.Error));
        Assert.Contains($"no: {problem}", list.Out, StringComparison.Ordinal);
        Fails(problem, "--device", device.Id);

        var automatic = Archgen.Run(Run);
        Assert.Equal((0, Expected()), (automatic.ExitCode, automatic.Out));
        Assert.StartsWith($"archgen: {problem} The processor computes instead.\n", automatic.Error, StringComparison.Ordinal);
    }

    /// <summary>Red if a refusal or a loss ends in anything else than a message and exit code 1.</summary>
    [Fact]
    public void Refused_memory_and_a_lost_device_end_in_a_message()
    {
        var device = TestDevice.Get();
        VulkanDevice.Pretended = [device.With(new DeviceFakes { MemoryBytes = 100_000 })];
        Fails($"{device.Name}: the device refuses ", "--device", device.Id);
        var submissions = 0;
        VulkanDevice.Pretended = [device.With(new DeviceFakes { IsLost = () => submissions++ == 12 })];
        // What was generated before has been written.
        var run = Archgen.Run([.. Run, "--device", device.Id]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"archgen: {device.Name}: the device was lost in vkQueueSubmit", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Red if a machine without a driver gets anything else than the processor, or one message where a device is asked for.</summary>
    [Fact]
    public void Without_a_driver_the_processor_computes()
    {
        (string, string)[] environment = [("VK_DRIVER_FILES", _folder.File("none.json")), ("VK_ICD_FILENAMES", _folder.File("none.json"))];
        var list = Start(environment, "devices");
        Assert.Equal(
            (0, "There is no Vulkan device here: models run on the processor. A graphics driver with Vulkan 1.2 or later is needed.\n", ""),
            (list.ExitCode, list.Out, list.Error));
        var named = Start(environment, [.. Run, "--device", "vulkan0"]);
        Assert.Equal(
            (1, "", "archgen: --device vulkan0: there is no Vulkan device on this machine. Install a graphics driver with Vulkan 1.2 or later, "
                + "or choose --device none.\n"),
            (named.ExitCode, named.Out, named.Error));
        var automatic = Start(environment, Run);
        Assert.Equal((0, Expected()), (automatic.ExitCode, automatic.Out));
        Assert.DoesNotContain("archgen:", automatic.Error, StringComparison.Ordinal);
    }

    /// <summary>Red if a damaged file of compiled shaders is trusted or kept, or a folder that cannot be written ends the run.</summary>
    [Fact]
    public void A_damaged_or_unwritable_cache_of_shaders_does_no_harm()
    {
        TestDevice.Get();
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) return;
        (string, string)[] environment = [("XDG_DATA_HOME", _folder.File("data"))];
        string[] command = [.. Run, "--device", TestDevice.Get().Id];
        Runs(environment);
        var file = Assert.Single(Directory.GetFiles(_folder.File("data/archgen/pipelines")));
        var good = File.ReadAllBytes(file);
        foreach (var damage in new Action<byte[]>[] { bytes => bytes[^1] ^= 1, bytes => bytes[0] ^= 1, bytes => new Random(1).NextBytes(bytes) })
        {
            var bytes = (byte[])good.Clone();
            damage(bytes);
            File.WriteAllBytes(file, bytes);
            Runs(environment);
            Assert.NotEqual(bytes, File.ReadAllBytes(file));
        }

        File.WriteAllText(_folder.File("file"), "");
        Runs([("XDG_DATA_HOME", _folder.File("file/data"))]);

        void Runs((string, string)[] variables)
        {
            var run = Start(variables, command);
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.Equal(Expected(), run.Out);
        }
    }

    private static string Expected() => Archgen.Run([.. Run, "--device", "none"]).Out;

    private static void Fails(string message, params string[] options)
    {
        var run = Archgen.Run([.. Run, .. options]);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    // Drivers are found once by a process.
    private static Archgen Start((string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "archgen.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Archgen(process.ExitCode, output.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }
}
