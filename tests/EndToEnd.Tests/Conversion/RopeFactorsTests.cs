using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>Factors of rope_scaling reach the rotation: where all of them are the same, they are what linear scaling by that factor is.</summary>
public sealed class RopeFactorsTests
{
    [Theory]
    [InlineData("llama-mha")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("qwen3moe")]
    [InlineData("gemma")]
    [InlineData("gemma2")]
    [InlineData("olmo2")]
    [InlineData("starcoder2")]
    [InlineData("smollm3")]
    [InlineData("phi3")]
    public void Equal_factors_are_linear_scaling(string name)
    {
        var linear = Logits(name, new JsonObject { ["rope_type"] = "linear", ["factor"] = 2.0 });
        Assert.True(ArchitectureFixture.NormalizedError(linear, Logits(name, null)) > 1e-4);
        Assert.True(ArchitectureFixture.NormalizedError(linear, Logits(name, LongRope(name))) <= 1e-10);
    }

    [Theory]
    [InlineData("cohere")]
    [InlineData("stablelm")]
    [InlineData("gemma3")]
    public void Where_nothing_takes_them_it_is_an_error(string name)
    {
        var error = Assert.Throws<ModelFileException>(() => Logits(name, Llama3()));
        Assert.Contains("declares no tensor rope_freqs.weight that takes them", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_may_answer_for_their_absence()
    {
        using var folder = Folder("cohere", Llama3());
        using var checkpoint = Checkpoint.Open(folder.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { IgnoredConfig = ["rope_scaling"] });
        Assert.Contains(plan.Log, line => line.Contains("rope_scaling is ignored as you asked", StringComparison.Ordinal));
    }

    private static JsonObject Llama3() => new()
    {
        ["rope_type"] = "llama3",
        ["factor"] = 8.0,
        ["low_freq_factor"] = 1.0,
        ["high_freq_factor"] = 4.0,
        ["original_max_position_embeddings"] = 32,
    };

    private static JsonObject LongRope(string name)
    {
        using var folder = Folder(name, null);
        var config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!;
        var head = (int?)config["head_dim"] ?? (int)config["hidden_size"]! / (int)config["num_attention_heads"]!;
        var count = (int)(head * ((double?)config["partial_rotary_factor"] ?? 1) / 2);
        var factors = new JsonArray([.. Enumerable.Repeat(2.0, count).Select(f => JsonValue.Create(f))]);
        return new()
        {
            ["rope_type"] = "longrope",
            ["long_factor"] = factors,
            ["short_factor"] = factors.DeepClone(),
            ["attention_factor"] = 1.0,
            ["original_max_position_embeddings"] = 16,
        };
    }

    private static CheckpointFolder Folder(string name, JsonObject? scaling)
    {
        var folder = new CheckpointFolder(name);
        var config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!.AsObject();
        // As published before transformers 5, whatever the fixture has.
        if (config.Remove("rope_parameters", out var parameters) && parameters!["rope_theta"] is { } theta) config["rope_theta"] = theta.DeepClone();
        config["rope_scaling"] = scaling;
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        return folder;
    }

    private static float[] Logits(string name, JsonObject? scaling)
    {
        using var folder = Folder(name, scaling);
        using var checkpoint = Checkpoint.Open(folder.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { Type = TensorType.F32 });
        int[] tokens = [.. folder.ReadExpected().GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
        return plan.Model.Evaluate(plan.Source, tokens).Values;
    }
}
