using System.Text.Json;
using ArchGen.Architectures;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>Configs that say of each layer what it has: the heads and widths that the reference converter writes for them.</summary>
public sealed class LayerConfigTests
{
    /// <summary>Attention, a matrix in its place, none, and a layer that is empty; two thirds of a multiple of the width, rounded up to 256.</summary>
    [Fact]
    public void Nemotrons_blocks()
    {
        var config = Read("""
            {"hidden_size": 1024, "num_attention_heads": 16, "num_key_value_heads": null, "intermediate_size": null, "block_configs": [
                {"attention": {"n_heads_in_group": 8, "replace_with_linear": false}, "ffn": {"ffn_mult": 5.25}},
                {"attention": {"n_heads_in_group": null, "replace_with_linear": true}, "ffn": {"ffn_mult": 1.0}},
                {"attention": {"n_heads_in_group": null, "replace_with_linear": false}, "ffn": {"ffn_mult": 0.5}},
                {"attention": {"n_heads_in_group": null, "replace_with_linear": false}, "ffn": {"ffn_mult": null}}]}
            """);
        Assert.Equal<int>([16, 16, 0, 0], List("deci", "attention.head_count", config));
        Assert.Equal<int>([2, 0, 0, 0], List("deci", "attention.head_count_kv", config));
        // 2/3 of 5376, 1024 and 512 is 3584, 682 and 341.
        Assert.Equal<int>([3584, 768, 512, 0], List("deci", "feed_forward_length", config));
    }

    /// <summary>What a block sets and no method reads is reported by its path: anything but null and false.</summary>
    [Fact]
    public void Keys_of_blocks_that_nothing_reads_are_reported()
    {
        var config = Read("""
            {"hidden_size": 1024, "num_attention_heads": 16, "block_configs": [
                {"attention": {"n_heads_in_group": 8, "no_op": false, "window_length": null, "unshifted_sink": false}, "ffn": {"ffn_mult": 1.0}},
                {"attention": {"no_op": true, "sparsify": []}, "ffn": {"no_op": true}},
                {"attention": {"n_heads_in_group": 8, "window_length": 4096}, "ffn": {"ffn_mult": 1.0, "moe": {"experts": 8}, "gated": true}}]}
            """);
        Assert.Equal<int>([16, 0, 16], List("deci", "attention.head_count", config));
        Assert.Equal<int>([2, 0, 2], List("deci", "attention.head_count_kv", config));
        Assert.Equal<int>([768, 0, 768], List("deci", "feed_forward_length", config));
        Assert.Equal(["block_configs[2].attention.window_length", "block_configs[2].ffn.moe.experts", "block_configs[2].ffn.gated"],
            config.Unread().Select(leaf => leaf.Path));
    }

    [Fact]
    public void DeciLMs_lists()
    {
        var config = Read("""
            {"hidden_size": 4096, "num_attention_heads": 32, "intermediate_size": 14336, "num_key_value_heads": 8, "num_key_value_heads_per_layer": [4, 2]}
            """);
        Assert.Equal(32, Value("deci", "attention.head_count", config));
        Assert.Equal<int>([4, 2], List("deci", "attention.head_count_kv", config));
        Assert.Equal(14336, Value("deci", "feed_forward_length", config));
        Assert.Equal(8, Value("deci", "attention.head_count_kv", Read("""{"num_attention_heads": 32, "num_key_value_heads": 8}""")));
    }

    /// <summary>To the nearest multiple of the divisor, or the next one if that is less than nine tenths.</summary>
    [Fact]
    public void OpenELMs_multipliers()
    {
        var config = Read("""{"model_dim": 1280, "ffn_dim_divisor": 256, "ffn_multipliers": [0.5, 0.73, 0.97, 4.0, 0.01, 0.28]}""");
        // 640, 934.4, 1241.6, 5120, 12.8, 358.4.
        Assert.Equal<int>([768, 1024, 1280, 5120, 256, 512], List("openelm", "feed_forward_length", config));
        var error = Assert.Throws<ModelFileException>(() => Value("openelm", "feed_forward_length", Read("""{"ffn_dim_divisor": 0}""")));
        Assert.Equal("config.json: ffn_dim_divisor is 0, expected 1 or more.", error.Message);
    }

    private static IReadOnlyList<int> List(string architecture, string key, Config config) =>
        Assert.IsType<IReadOnlyList<int>>(Value(architecture, key, config), exactMatch: false);

    private static object? Value(string architecture, string key, Config config) =>
        Catalog.All.Single(a => a.Name == architecture).Conversion.Keys.First(k => k.Key == key && k.Method is not null).Method!(config);

    private static CheckpointConfig Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new CheckpointConfig(document.RootElement.Clone(), "config.json");
    }
}
