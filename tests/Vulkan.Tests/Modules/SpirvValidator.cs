using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ArchGen.Fixtures;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>The validator of SPIRV-Tools. Where it is missing its tests are skipped, but for the machines of CI.</summary>
internal static partial class SpirvValidator
{
    // Debian 12's does not know SPV_KHR_cooperative_matrix. eng/run-on-newest-lavapipe.sh has one that does.
    private static readonly Lazy<bool> KnowsMatrices = new(() =>
    {
        using var process = Start("--version");
        return process is not null && Version().Match(process.StandardOutput.ReadToEnd()) is { Success: true } match
            && string.CompareOrdinal(match.Groups[1].Value, "2023.4") >= 0;
    });

    /// <summary>Fails if a module is not valid for Vulkan 1.2; those with cooperative matrices only where the validator knows them.</summary>
    public static void Check(uint[] module, string what)
    {
        if (HasMatrices(module) && !KnowsMatrices.Value) return;
        using var folder = new TemporaryFolder();
        var file = folder.File("module.spv");
        File.WriteAllBytes(file, MemoryMarshal.AsBytes(module.AsSpan()));
        using var process = Start(file);
        if (process is null) return;
        var messages = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{what}: {messages}");
    }

    private static bool HasMatrices(uint[] module)
    {
        // OpCapability CooperativeMatrixKHR.
        ReadOnlySpan<uint> capability = [(2 << 16) | 17, 6022];
        return module.AsSpan().IndexOf(capability) >= 0;
    }

    [GeneratedRegex(@"v(\d{4}\.\d)")]
    private static partial Regex Version();

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
