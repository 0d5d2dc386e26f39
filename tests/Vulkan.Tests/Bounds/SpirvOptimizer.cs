using System.Diagnostics;
using System.Runtime.InteropServices;
using ArchGen.Fixtures;

namespace ArchGen.Vulkan.Tests.Bounds;

/// <summary>The optimizer of SPIRV-Tools: the GPU-assisted layer of 2023 crashes on modules whose variables and calls have not been optimized away.</summary>
internal static class SpirvOptimizer
{
    /// <summary>The same module, optimized.</summary>
    public static uint[] Optimize(uint[] module)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("module.spv"), optimized = folder.File("optimized.spv");
        File.WriteAllBytes(file, MemoryMarshal.AsBytes(module.AsSpan()));
        using var process = Process.Start(new ProcessStartInfo("spirv-opt", ["-O", file, "-o", optimized]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(optimized).AsSpan()).ToArray();
    }
}
