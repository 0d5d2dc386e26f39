using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>
/// The keys of published configs, on a small checkpoint of the same class: none stands in the way. A published config adds the keys that the small one
/// lacks, and its flags and words replace those of the small one.
/// </summary>
public sealed class PublishedConfigTests
{
    // Sizes go with the small checkpoint's tensors, and so do the flags that choose between layouts.
    private static readonly string[] OfTheTensors =
        ["layer_types", "no_rope_layers", "new_decoder_architecture", "head_dim", "text_config.head_dim", "n_embed", "rotary_dim", "num_attention_heads"];

    private static List<(string Class, string Name, JsonObject Config)> All { get; } =
        [.. JsonNode.Parse(File.ReadAllText(SharedFixtures.Local("configs/published.json")))!.AsArray()
            .Select(e => ((string)e!["class"]!, (string)e["name"]!, e["config"]!.AsObject()))];

    public static TheoryData<int, string> Names
    {
        get
        {
            var names = new TheoryData<int, string>();
            for (var i = 0; i < All.Count; i++) names.Add(i, $"{All[i].Class} {All[i].Name}");
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_published_config_converts(int index, string name)
    {
        var (className, _, published) = All[index];
        using var folder = new CheckpointFolder(PlanDigest.FixtureOf(className));
        var config = PlanDigest.ConfigOf(folder);
        if (published.ContainsKey("text_config")) config = new JsonObject { ["text_config"] = config };
        config["architectures"] = new JsonArray(className);
        Add(config, published, "");
        var digest = PlanDigest.Of(folder, config);
        Assert.False(digest.StartsWith(PlanDigest.Refused, StringComparison.Ordinal), $"{name}: {digest}");
    }

    private static void Add(JsonObject config, JsonObject published, string prefix)
    {
        foreach (var (key, value) in published)
        {
            if (OfTheTensors.Contains(prefix + key)) continue;
            if (config[key] is JsonObject inner && value is JsonObject more) Add(inner, more, $"{prefix}{key}.");
            else if (!config.ContainsKey(key) || (IsTextOrBool(value) && config[key] is not JsonObject)) config[key] = value?.DeepClone();
        }
    }

    private static bool IsTextOrBool(JsonNode? value) => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False or JsonValueKind.String;
}
