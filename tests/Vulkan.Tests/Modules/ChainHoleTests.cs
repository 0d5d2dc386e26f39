using System.Runtime.InteropServices;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>Functions of compiled shaders that are replaced by chains.</summary>
public sealed class ChainHoleTests
{
    /// <summary>hole.comp, compiled.</summary>
    internal static uint[] Shader =>
        MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Modules", "hole.spv"))).ToArray();

    [Fact]
    public void A_shader_that_is_only_read_keeps_its_words() => Assert.Equal(Shader, new SpirvModule(Shader).ToWords());

    [Theory, InlineData("finish"), InlineData("begin")]
    public void A_filled_shader_is_valid(string name)
    {
        var random = new Random(5);
        for (var length = 1; length < 9; length++)
        {
            var chain = Chains.Random(random, Chains.All, 1 + (length % 5), length);
            var module = new SpirvModule(Shader);
            new ChainHole(name, chain, 1 + (length % 3)).Fill(module);
            SpirvValidator.Check(module.ToWords(), $"{name}: {chain.Key}");
        }
    }

    [Fact]
    public void Both_holes_of_a_shader_can_be_filled_one_after_the_other()
    {
        uint[] Filled()
        {
            var module = new SpirvModule(Shader);
            new ChainHole("begin", Chains.Of(Op.Multiply)).Fill(module);
            new ChainHole("finish", Chains.Of(Op.Silu)).Fill(module);
            return module.ToWords();
        }

        Assert.Equal(Filled(), Filled());
        SpirvValidator.Check(Filled(), "both holes");
    }

    [Fact]
    public void A_hole_that_the_shader_has_not_is_an_error() =>
        Assert.Contains("'fini'", Assert.Throws<ArgumentException>(() => new ChainHole("fini", Chains.Of(Op.Silu)).Fill(new SpirvModule(Shader))).Message);

    [Fact]
    public void Words_that_are_no_module_are_an_error()
    {
        Assert.Throws<ArgumentException>(() => new SpirvModule([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new SpirvModule(Shader.AsSpan()[..^2]));
    }
}
