using System.Diagnostics;
using System.Runtime.InteropServices;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>The compiled shaders are those of the sources, and valid.</summary>
public sealed class ShaderPackTests
{
    private static readonly string Glsl = Repository.PathOf("src/Shaders/Glsl");

    [Fact]
    public void The_pack_has_the_shaders_of_the_table() =>
        Assert.Equal(ShaderTable.All.Select(variant => variant.Name), ShaderPack.Current.Names);

    [Fact]
    public void The_lock_says_what_the_pack_was_compiled_from()
    {
        var lines = ShaderTable.All.Select(variant =>
            ShaderLock.Line(variant, ShaderLock.SourceHash(Glsl, variant), MemoryMarshal.AsBytes<uint>(ShaderPack.Current.Words(variant.Name))));
        Assert.Equal(File.ReadAllLines(Repository.PathOf("src/Shaders/Compiled/shaders.lock")), lines);
    }

    [Fact]
    public void Every_source_is_compiled()
    {
        var sources = Directory.GetFiles(Glsl, "*.comp").Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(sources, ShaderTable.All.Select(variant => variant.Source).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_shader_is_valid()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var files = ShaderTable.All.Select(variant =>
            {
                var file = Path.Combine(folder.FullName, variant.Name);
                File.WriteAllBytes(file, MemoryMarshal.AsBytes<uint>(ShaderPack.Current.Words(variant.Name)));
                return file;
            }).ToArray();
            foreach (var file in files) SpirvValidator.Check(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>spirv-val of the Vulkan SDK. Where it is missing its tests are skipped, but for the machines of CI.</summary>
internal static class SpirvValidator
{
    /// <summary>Fails if a module is not valid.</summary>
    public static void Check(string file)
    {
        using var process = Start(file);
        if (process is null) return;
        var messages = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(file)}: {messages}");
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
        catch (System.ComponentModel.Win32Exception)
        {
            TestDevice.Lacking("There is no spirv-val here.");
            return null;
        }
    }
}
