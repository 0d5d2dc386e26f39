using System.Text.Json.Nodes;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>A class whose fixture is another class's, with the keys that only it has.</summary>
public sealed class WindowedOlmoTests
{
    /// <summary>OLMo 3 is OLMo 2 with a window: the list of layers is written.</summary>
    [Fact]
    public void Olmo_3_is_olmo_2_with_a_window()
    {
        using var folder = new CheckpointFolder("olmo2");
        var config = PlanDigest.ConfigOf(folder);
        config["architectures"] = new JsonArray("Olmo3ForCausalLM");
        config["sliding_window"] = 16;
        config["layer_types"] = new JsonArray([.. Enumerable.Range(0, config["num_hidden_layers"]!.GetValue<int>())
            .Select(i => (JsonNode)(i == 0 ? "sliding_attention" : "full_attention"))]);
        var lines = PlanDigest.Of(folder, config).Split('\n');
        Assert.Contains("olmo2.attention.sliding_window = 16", lines);
        Assert.Contains(lines, l => l.StartsWith("olmo2.attention.sliding_window_pattern = [true, false", StringComparison.Ordinal));
    }
}
