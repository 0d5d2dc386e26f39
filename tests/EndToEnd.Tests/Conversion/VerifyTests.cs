using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>verify holds a file to config.json itself, too: a mistake that the conversion makes each time is seen.</summary>
public sealed class VerifyTests
{
    public static TheoryData<string> Checkpoints => ConversionTests.All;

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void What_was_converted_is_right(string name)
    {
        using var folder = new CheckpointFolder(name);
        Assert.Equal([], Differences(folder, _ => { }));
    }

    [Theory]
    [InlineData("qwen3moe", "qwen3moe.expert_used_count", 0u, "config.json has num_experts_per_tok = 3, the file ")]
    [InlineData("qwen3moe", "qwen3moe.rope.freq_base", 10000f, "config.json has rope_theta = ")]
    [InlineData("stablelm", "stablelm.use_parallel_residual", true, "config.json has use_parallel_residual = false, the file ")]
    public void A_value_that_the_conversion_itself_gets_wrong_is_told(string name, string key, object value, string expected)
    {
        using var folder = new CheckpointFolder(name);
        var difference = Assert.Single(Differences(folder, metadata => metadata[key] = value switch
        {
            uint number => GgufValue.From(number),
            float number => GgufValue.From(number),
            _ => GgufValue.From((bool)value),
        }));
        Assert.StartsWith($"key {key}: {expected}", difference, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Differences(CheckpointFolder folder, Action<GgufMetadata> mistake)
    {
        using var checkpoint = Checkpoint.Open(folder.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions());
        mistake(plan.Metadata);
        var path = folder.File("out.gguf");
        ConvertedFile.Write(plan, path, null, 1, null, CancellationToken.None);
        using var file = GgufFile.Open(path);
        return ConversionCheck.Compare(plan, file, null, CancellationToken.None).Differences;
    }
}
