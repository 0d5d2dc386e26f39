using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>The validator of SPIRV-Tools (Debian: spirv-tools).</summary>
internal static class SpirvValidator
{
    /// <summary>Fails where a module is not valid for Vulkan 1.2; skips the test where there is no validator.</summary>
    public static void Check(uint[] module, string what)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "module.spv");
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(module.AsSpan()));
        var (code, message) = Run("--target-env", "vulkan1.2", "--scalar-block-layout", path);
        Assert.True(code == 0, $"{what}: {message}");
    }

    private static (int Code, string Message) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("spirv-val", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            var message = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, message);
        }
        catch (Win32Exception)
        {
            Assert.Skip("spirv-val is not installed (Debian: spirv-tools)");
            throw;
        }
    }
}
