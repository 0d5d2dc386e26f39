using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>A key that config.json leaves out has the default of the class: the conversion is the same as with that value written.</summary>
public sealed class ConfigDefaultTests
{
    /// <summary>Other names of a key in the files of transformers 5, besides the aliases of the class.</summary>
    private static readonly Dictionary<string, string[]> Moved = new()
    {
        ["rope_theta"] = ["rope_parameters.rope_theta", "rope_scaling.rope_theta"],
        ["rotary_emb_base"] = ["rope_parameters.rope_theta"],
        ["attn_config.rope_theta"] = ["rope_parameters.rope_theta"],
        ["rope_scaling"] = ["rope_parameters"],
    };

    private static JsonArray Table { get; } = JsonNode.Parse(File.ReadAllText(SharedFixtures.Local("configs/defaults.json")))!.AsArray();

    public static TheoryData<string> Classes =>
        [.. Table.SelectMany(row => row!["classes"]!.AsArray()).Select(name => (string)name!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_key_left_out_is_the_default_given(string className)
    {
        var row = Table.Single(r => r!["classes"]!.AsArray().Any(name => (string)name! == className))!;
        using var folder = new CheckpointFolder(PlanDigest.FixtureOf(className));
        var whole = Whole(folder, className, row["defaults"]!.AsObject());
        var differences = new List<string>();
        foreach (var (path, value) in Keys(row["defaults"]!.AsObject(), ""))
        {
            var without = whole.DeepClone().AsObject();
            foreach (var name in Names(path, row["aliases"]!.AsObject())) Remove(without, name);
            var leftOut = PlanDigest.Of(folder, without);
            Set(without, path, value);
            var given = PlanDigest.Of(folder, without);
            // Only a default is called one.
            if (leftOut.Replace($", the default of {className},", "", StringComparison.Ordinal) != given)
            {
                differences.Add($"{path} = {value?.ToJsonString()}:\n{Difference(leftOut, given)}");
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    /// <summary>
    /// Every class of an architecture in the table is there, but for those of which no config class is known. An architecture of which none is there has no
    /// row yet: a new one needs none.
    /// </summary>
    [Fact]
    public void Every_claimed_class_is_tried()
    {
        string[] without = ["GPTRefactForCausalLM", "StableLMEpochForCausalLM", "Transformer"];
        var tried = Table.SelectMany(row => row!["classes"]!.AsArray()).Select(name => (string)name!).Concat(without).Order(StringComparer.Ordinal).ToList();
        var claimed = Catalog.All.Where(a => a.HuggingFaceClasses.Any(tried.Contains)).SelectMany(a => a.HuggingFaceClasses);
        Assert.Equal(claimed.Order(StringComparer.Ordinal), tried);
    }

    /// <summary>The table has what the class's constructor says; what the model's code has besides is here.</summary>
    [Theory]
    [InlineData("deepseek3", "scoring_func", "\"sigmoid\"")]
    [InlineData("nomic-bert", "rotary_emb_fraction", "0")]
    public void What_the_models_code_has_built_in_counts_too(string fixture, string key, string value)
    {
        using var folder = new CheckpointFolder(fixture);
        var config = PlanDigest.ConfigOf(folder);
        config.Remove(key);
        var leftOut = PlanDigest.Of(folder, config);
        config[key] = JsonNode.Parse(value);
        Assert.Equal(PlanDigest.Of(folder, config), leftOut.Replace(", the default of NomicBertModel,", "", StringComparison.Ordinal));
    }

    /// <summary>Null is not absent: it switches off, or what the class derives holds.</summary>
    [Theory]
    [InlineData("gemma2", "final_logit_softcapping", "gemma2.final_logit_softcapping = 0")]
    [InlineData("gemma2", "attn_logit_softcapping", "gemma2.attn_logit_softcapping = 0")]
    [InlineData("gemma2", "sliding_window", "gemma2.attention.sliding_window = 0")]
    [InlineData("mistral-swa", "sliding_window", "!sliding_window")]
    [InlineData("mixtral", "num_key_value_heads", "!head_count_kv")]
    [InlineData("gpt-oss", "rope_scaling", "!yarn")]
    public void Null_is_not_absent(string fixture, string key, string expected)
    {
        using var folder = new CheckpointFolder(fixture);
        var config = PlanDigest.ConfigOf(folder);
        config[key] = null;
        if (key == "num_key_value_heads") config["num_attention_heads"] = 2;
        if (key == "num_key_value_heads") config["head_dim"] = 16;
        var digest = PlanDigest.Of(folder, config);
        var metadata = string.Concat(digest.Split('\n').Where(line => line.Contains(" = ", StringComparison.Ordinal)));
        if (expected[0] == '!') Assert.DoesNotContain(expected[1..], metadata, StringComparison.Ordinal);
        else Assert.Contains(expected, digest.Split('\n'));
    }

    [Fact]
    public void A_key_without_a_default_is_missed_in_the_words_of_the_config()
    {
        using var folder = new CheckpointFolder("refact");
        var config = PlanDigest.ConfigOf(folder);
        config.Remove("layer_norm_epsilon");
        var message = PlanDigest.Of(folder, config);
        Assert.StartsWith(
            $"{PlanDigest.Refused}{folder.File("config.json")}: rms_norm_eps or layer_norm_epsilon is missing, expected a number; "
            + "GPTRefactForCausalLM has no default for it. Add it to the file.",
            message, StringComparison.Ordinal);
    }

    /// <summary>The fixture's config as one of the class; a text model's keys where the class has them.</summary>
    private static JsonObject Whole(CheckpointFolder folder, string className, JsonObject defaults)
    {
        var config = PlanDigest.ConfigOf(folder);
        config["architectures"] = new JsonArray(className);
        return defaults.ContainsKey("text_config") ? new JsonObject { ["architectures"] = new JsonArray(className), ["text_config"] = config } : config;
    }

    private static IEnumerable<(string Path, JsonNode? Value)> Keys(JsonObject defaults, string prefix)
    {
        foreach (var (key, value) in defaults)
        {
            // A scaling is one whole; a part of any other object has its own default.
            if (value is not JsonObject inner || key == "rope_scaling") yield return (prefix + key, value);
            else foreach (var leaf in Keys(inner, prefix + key + ".")) yield return leaf;
        }
    }

    private static IEnumerable<string> Names(string path, JsonObject aliases)
    {
        var (prefix, key) = path.StartsWith("text_config.", StringComparison.Ordinal) ? ("text_config.", path["text_config.".Length..]) : ("", path);
        return aliases.Where(a => (string)a.Value! == key).Select(a => a.Key).Concat(Moved.GetValueOrDefault(key, [])).Prepend(key)
            .Select(name => prefix + name);
    }

    private static void Remove(JsonObject config, string path)
    {
        var parts = path.Split('.');
        JsonNode? at = config;
        foreach (var part in parts[..^1]) at = at?[part];
        (at as JsonObject)?.Remove(parts[^1]);
    }

    private static void Set(JsonObject config, string path, JsonNode? value)
    {
        var parts = path.Split('.');
        var at = config;
        foreach (var part in parts[..^1])
        {
            if (at[part] is null) at[part] = new JsonObject();
            at = at[part]!.AsObject();
        }

        at[parts[^1]] = value?.DeepClone();
    }

    private static string Difference(string leftOut, string given) =>
        $"  left out: {string.Join(" / ", leftOut.Split('\n').Except(given.Split('\n')).Take(3))}\n"
        + $"  given: {string.Join(" / ", given.Split('\n').Except(leftOut.Split('\n')).Take(3))}";
}
