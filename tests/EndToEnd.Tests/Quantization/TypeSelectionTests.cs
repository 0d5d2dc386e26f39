using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>The types of twelve published models' tensors under every file type, against llama.cpp's own table of them.</summary>
public sealed class TypeSelectionTests
{
    public static TheoryData<string> Models => [.. PublishedModel.All.Select(m => m.Name)];

    [Fact]
    public void There_are_twelve_models_and_those_of_declared_architectures_are_told_by_their_declaration()
    {
        Assert.Equal(12, PublishedModel.All.Count);
        Assert.All(PublishedModel.All, m => Assert.Equal(33, m.Sections.Count));
        string[] declared = ["deepseek-v3.1", "gemma-3-4b-it", "gpt-oss-120b", "meta-llama-3.1-70b-instruct", "qwen3-0.6b", "qwen3-14b", "qwen3-coder-next"];
        Assert.All(PublishedModel.All.Where(m => declared.Contains(m.Name)), m => Assert.True(new TensorRoles(m.Declaration).AreDeclared, m.Name));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_tensor_has_the_published_type(string name)
    {
        var model = PublishedModel.All.Single(m => m.Name == name);
        Assert.Empty(Differences(model, RolesOf(model.Declaration)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Names_alone_give_the_published_types_too(string name)
    {
        var model = PublishedModel.All.Single(m => m.Name == name);
        Assert.Empty(Differences(model, RolesOf(null)));
    }

    [Theory]
    [InlineData(TensorRole.AttentionValue, TensorRole.AttentionKey)]
    [InlineData(TensorRole.AttentionOutput, TensorRole.AttentionQuery)]
    [InlineData(TensorRole.FeedForwardDown, TensorRole.FeedForwardUp)]
    [InlineData(TensorRole.Output, TensorRole.Matrix)]
    [InlineData(TensorRole.TokenEmbedding, TensorRole.Matrix)]
    public void A_swapped_role_is_noticed(TensorRole one, TensorRole other)
    {
        var model = PublishedModel.All.Single(m => m.Name == "qwen3-14b");
        var roles = RolesOf(model.Declaration);
        Assert.NotEmpty(Differences(model, name => roles(name) is var role && role == one ? other : role == other ? one : role));
    }

    /// <summary>What a matrix does follows from the forward pass, whatever it is called; where that gives another type
    /// than llama.cpp's names, the declaration says so. An architecture that llama.cpp does not know may have names of its own.</summary>
    [Fact]
    public void The_forward_pass_of_every_architecture_gives_the_roles_that_llama_cpp_takes_from_names()
    {
        var known = ArchitectureFixture.All.Select(ArchitectureFixture.Load).Where(f => f.HasDump).Select(f => f.Architecture)
            .ToHashSet(StringComparer.Ordinal);
        Assert.True(known.Count >= 36, $"only {known.Count} architectures");
        var differences =
            from architecture in Catalog.All
            where known.Contains(architecture.Name)
            let roles = new TensorRoles(architecture)
            let names = new TensorRoles(null)
            from tensor in architecture.Tensors
            where tensor.Shape.Contains(',') && !tensor.Shape.StartsWith("[1, ", StringComparison.Ordinal)
            let name = tensor.Gguf.Replace("{i}", "0", StringComparison.Ordinal)
            where roles[name] != names[name] && !(IsFusedGate(tensor.Shape, roles[name], names[name]))
            select $"{architecture.Name} {name} {roles[name]}, by name {names[name]}";
        Assert.Equal("", string.Join('\n', differences));
    }

    /// <summary>Gate and input of experts in one stack are called a gate; of experts the block counts, so that it makes no difference.</summary>
    private static bool IsFusedGate(string shape, TensorRole role, TensorRole byName) =>
        shape.Count(c => c == ',') == 2 && role == TensorRole.FeedForwardUp && byName == TensorRole.FeedForwardGate;

    private static Func<string, TensorRole> RolesOf(ArchitectureInfo? architecture)
    {
        var roles = new TensorRoles(architecture);
        return name => roles[name];
    }

    private static List<string> Differences(PublishedModel model, Func<string, TensorRole> roles)
    {
        var differences = new List<string>();
        foreach (var section in model.Sections)
        {
            Assert.True(FileType.TryParse(section.FileType, out var fileType));
            Assert.Equal(section.Type, fileType.Type);
            var types = model.Choose(section.FileType, roles);
            // What is not quantized has no line there, and is F32 in the models as they were described.
            differences.AddRange(
                types.Where(t => t.Value != TensorType.F32 && t.Value != section.Exceptions.GetValueOrDefault(t.Key, section.Type)).Select(t =>
                    $"{section.FileType} {t.Key} {t.Value}"));
            differences.AddRange(
                section.Exceptions.Where(e => types.GetValueOrDefault(e.Key) != e.Value).Select(e =>
                    $"{section.FileType} {e.Key} is {types.GetValueOrDefault(e.Key)}, expected {e.Value}"));
        }

        return differences;
    }
}
