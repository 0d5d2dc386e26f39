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

    /// <summary>Red if a shader reads a pointer with less than its alignment, which the validator of 2025 does not see.</summary>
    [Fact]
    public void Pointers_are_read_with_their_alignment()
    {
        foreach (var variant in ShaderTable.All)
            Assert.True(PointerAlignment.Raise(MemoryMarshal.AsBytes(ShaderPack.Current.Words(variant.Name).AsSpan())) == 0, variant.Name);
    }

    [Fact]
    public void Every_shader_is_valid()
    {
        foreach (var variant in ShaderTable.All) SpirvValidator.Check(ShaderPack.Current.Words(variant.Name), variant.Name);
    }
}
