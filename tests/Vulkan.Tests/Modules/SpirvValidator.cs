using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ArchGen.Fixtures;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>The validator of SPIRV-Tools. Where it is missing its tests are skipped, but for the machines of CI.</summary>
internal static class SpirvValidator
{
    /// <summary>Fails if a module is not valid for Vulkan 1.2.</summary>
    public static void Check(uint[] module, string what)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("module.spv");
        File.WriteAllBytes(file, MemoryMarshal.AsBytes(module.AsSpan()));
        using var process = Start(file);
        if (process is null) return;
        var messages = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{what}: {messages}");
    }

    private static Process? Start(string file)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("spirv-val", ["--target-env", "vulkan1.2", "--scalar-block-layout", file])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (Win32Exception)
        {
            TestDevice.Lacking("There is no spirv-val here (Debian: spirv-tools).");
            return null;
        }
    }
}
