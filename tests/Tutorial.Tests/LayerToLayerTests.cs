using System.Text.Json;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.Tutorial.Tests;

/// <summary>The architectures of docs/layer-to-layer.md: as they are written, as a graph, and by hand.</summary>
public sealed class LayerToLayerTests : IDisposable
{
    private const double Bar = 1e-10;

    private static readonly int[] Tokens = [3, 1, 4, 1, 5, 9, 2, 6];

    private static readonly string Docs = Path.Combine(Tutorial.Root, "docs");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_shows_the_files()
    {
        var files = Directory.GetFiles(Path.Combine(Docs, "layer-to-layer"), "*.cs").Select(File.ReadAllText).ToList();
        var blocks = Tutorial.Blocks("csharp", File.ReadAllText(Path.Combine(Docs, "layer-to-layer.md"))).ToList();
        Assert.Equal(3, files.Count);
        Assert.Equal(5, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(files, file => file.Contains(block, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("value-residual")]
    [InlineData("shared-keys")]
    [InlineData("looped")]
    public void Each_run_is_that_by_hand(string architecture)
    {
        var file = Save(architecture);
        using var model = LoadedModel.Open(file, Catalog.All);
        var expected = ByHand(model).Logits(Tokens);
        foreach (var options in new[] { [], ["--ubatch", "3"], ["--ubatch", "1"], new[] { "--eager" } })
        {
            var error = NormalizedError.Of(expected, Archgen.Logits(_folder.Path, file, Tokens, options));
            Assert.True(error <= Bar, $"{architecture} {string.Join(' ', options)}: NMSE {error:E2}");
        }
    }

    /// <summary>Without what goes from layer to layer the logits are others: the check sees it.</summary>
    [Theory]
    [InlineData("value-residual")]
    [InlineData("shared-keys")]
    [InlineData("looped")]
    public void What_is_handed_on_matters(string architecture)
    {
        using var model = LoadedModel.Open(Save(architecture), Catalog.All);
        var alone = ByHand(model, isHandedOn: false).Logits(Tokens);
        Assert.True(NormalizedError.Of(ByHand(model).Logits(Tokens), alone) > 1e-3);
    }

    private static LayerToLayerByHand ByHand(LoadedModel model, bool isHandedOn = true) =>
        new(model.Source) { IsHandedOn = isHandedOn, Passes = model.Architecture.Name == "looped" ? 2 : 1 };

    /// <summary>Layers that share a cache have one number for it, and each pass of the list has others.</summary>
    [Theory]
    [InlineData("value-residual", "0 1 2 3")]
    [InlineData("shared-keys", "0 0 1 1")]
    [InlineData("looped", "0 0 1 1 2 2 3 3")]
    public void The_graph_numbers_the_caches(string architecture, string expected)
    {
        using var model = LoadedModel.Open(Save(architecture), Catalog.All);
        Assert.Equal(expected, string.Join(' ', model.Graph.Nodes.Where(n => n.Op == Op.Attention).Select(n => n.Attributes.Int32(Attr.Layer))));
        Assert.Equal(GraphText.Print(model.Graph), GraphText.Print(GraphText.Parse(GraphText.Print(model.Graph))));
    }

    private string Save(string architecture)
    {
        var groups = architecture == "value-residual" ? 1 : 2;
        (string Name, int[] Dims)[] block =
        [
            ("attn_norm", [8]), ("attn_q", [8, 8]), ("attn_output", [8, 8]), ("ffn_norm", [8]), ("ffn_gate", [8, 12]), ("ffn_up", [8, 12]),
            ("ffn_down", [12, 8]),
        ];
        var tensors = new List<object[]> { Row("token_embd", [8, 16]), Row("output_norm", [8]) };
        for (var i = 0; i < 4; i++)
        {
            tensors.AddRange(block.Select(t => Row($"blk.{i}.{t.Name}", t.Dims)));
            if (i % groups == 0) tensors.AddRange([Row($"blk.{i}.attn_k", [8, 4]), Row($"blk.{i}.attn_v", [8, 4])]);
            if (groups == 1) tensors.Add(Row($"blk.{i}.attn_v_mix", [1, 1]));
        }

        object[][] metadata =
        [
            ["general.architecture", "str", architecture], .. new (string Key, int Value)[]
            {
                ("vocab_size", 16), ("context_length", 32), ("embedding_length", 8), ("block_count", 4), ("feed_forward_length", 12),
                ("attention.head_count", 2), ("attention.head_count_kv", 1), ("attention.layers_per_key", groups),
            }.Select(k => new object[] { $"{architecture}.{k.Key}", "u32", k.Value }),
            [$"{architecture}.attention.layer_norm_rms_epsilon", "f32", 1e-5],
        ];
        var recipe = JsonSerializer.SerializeToUtf8Bytes(new { architecture, seed = 7, tokens = Tokens, metadata, tensors });
        var path = _folder.File(architecture + ".gguf");
        ModelRecipe.Parse(architecture, architecture + ".json", recipe, null).Save(path);
        return path;
    }

    private static object[] Row(string name, int[] dims) =>
        [name + ".weight", "f32", dims, "normal", name.EndsWith("norm", StringComparison.Ordinal) ? 1 : 0, 0.4];
}
