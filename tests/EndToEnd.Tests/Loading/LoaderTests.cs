using ArchGen.EndToEnd.Tests.Architectures;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Loading;

namespace ArchGen.EndToEnd.Tests.Loading;

/// <summary>What does not fit is told at once, by name, with what was expected and what was found.</summary>
public sealed class LoaderTests : IDisposable
{
    private readonly RecipeModel _llama = new("llama");

    [Fact]
    public void Missing_extra_and_misshapen_tensors_are_told_together()
    {
        var source = Source();
        source.Renamed["blk.1.attn_q.weight"] = "blk.1.attn_qq.weight";
        source.Renamed["output_norm.weight"] = "final_norm.weight";
        source.Reshaped["blk.0.attn_k.weight"] = [64, 64];

        var message = Assert.Throws<ModelFileException>(() => ModelLoader.Load(_llama.Model, source)).Message;

        Assert.Equal(
            """
            altered.gguf: the tensors are not those of this architecture:
              missing    output_norm.weight [64] (the file has final_norm.weight)
              missing    blk.1.attn_q.weight [64, 64] (the file has blk.1.attn_qq.weight)
              misshapen  blk.0.attn_k.weight: expected [32, 64], found [64, 64]
              extra      final_norm.weight [64]
              extra      blk.1.attn_qq.weight [64, 64]
            Convert the model again, or correct the architecture's declaration.
            """.ReplaceLineEndings("\n"),
            message);
    }

    [Fact]
    public void A_wrong_prefix_is_one_line()
    {
        var source = Source();
        foreach (var name in source.TensorNames.Where(n => n.StartsWith("blk.", StringComparison.Ordinal)).ToList())
        {
            source.Renamed[name] = "layers." + name["blk.".Length..];
        }

        var message = Assert.Throws<ModelFileException>(() => ModelLoader.Load(_llama.Model, source)).Message;
        Assert.True(message.Split((char)10).Length == 3, message);
        Assert.Contains("\n  renamed    blk.{i}.* is layers.{i}.* here: 18 tensors, for example blk.0.attn_norm.weight is layers.0.attn_norm.weight\n", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_many_blocks_lack_is_one_line()
    {
        string[] lines = [.. Enumerable.Range(0, 3).Select(i => $"missing    blk.{i}.attn_q_norm.weight [16]"), "missing    output.weight [4, 4]"];
        Assert.Equal(["missing    blk.{i}.attn_q_norm.weight [16]; 3 of these, such as blk.0.attn_q_norm.weight", "missing    output.weight [4, 4]"],
            NamePattern.Join(lines));
        Assert.Equal(lines[1..], NamePattern.Join(lines[1..]));
    }

    [Theory]
    [InlineData("llama.embedding_length", 0.4, "key llama.embedding_length is 0.4, expected a whole number, as the architecture declares it; "
        + "if 0.4 is right, its declaration should say float")]
    [InlineData("llama.embedding_length", null, "key llama.embedding_length is missing, expected a whole number")]
    [InlineData("llama.embedding_length", "wide", "key llama.embedding_length is the text 'wide', expected a whole number")]
    [InlineData("llama.embedding_length", -1L, "key llama.embedding_length is -1, expected a number from 0 to 2147483647")]
    [InlineData("llama.block_count", 4_000_000L, "the model should have 4000000 blocks, but the file has only")]
    [InlineData("llama.attention.head_count", 0L, "a hyper-parameter is zero or too large")]
    [InlineData("llama.attention.layer_norm_rms_epsilon", "small", "key llama.attention.layer_norm_rms_epsilon is the text 'small', expected a number")]
    [InlineData("llama.rope.scaling.type", "dynamic", "key llama.rope.scaling.type is 'dynamic', expected none, linear, yarn or longrope")]
    public void A_wrong_key_is_named(string key, object? value, string expected)
    {
        var source = Source();
        source.Keys[key] = value;
        var message = Assert.Throws<ModelFileException>(() => ModelLoader.Load(_llama.Model, source)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith("altered.gguf: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama.rope.dimension_count", 32L, "the size of a head of rope is 16, expected at least 32")]
    [InlineData("llama.rope.dimension_count", 7L, "the number of rotated elements of rope is 7, which is no multiple of 2")]
    public void A_number_that_does_not_fit_is_told_when_the_graph_is_built(string key, long value, string expected)
    {
        var source = Source();
        source.Keys[key] = value;
        source.Renamed["rope_freqs.weight"] = "rope_freqs.scale";
        ModelLoader.Load(_llama.Model, source);
        var message = Assert.Throws<ModelFileException>(() => _llama.Model.BuildGraph()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hyper_parameters_may_differ_by_layer()
    {
        var source = Source();
        source.Keys["llama.attention.head_count_kv"] = new long[] { 2, 1 };
        var message = Assert.Throws<ModelFileException>(() => ModelLoader.Load(_llama.Model, source)).Message;
        Assert.Contains("misshapen  blk.1.attn_k.weight: expected [16, 64], found [32, 64]", message, StringComparison.Ordinal);
        Assert.DoesNotContain("blk.0", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_context_factors_are_chosen_by_the_length_of_the_run()
    {
        var source = Source();
        source.Renamed["rope_freqs.weight"] = "rope_factors_long.weight";
        source.Keys["llama.rope.scaling.type"] = "longrope";
        source.Keys["llama.rope.scaling.original_context_length"] = 64L;
        ModelLoader.Load(_llama.Model, source);

        Assert.False(HasLongFactors(64));
        Assert.True(HasLongFactors(65));
        Assert.False(HasLongFactors(64));
        Assert.Equal(_llama.Model is DecoderModel { ContextLength: > 64 }, HasLongFactors(null));

        bool HasLongFactors(int? length) =>
            _llama.Model.BuildGraph(new GraphOptions { SequenceLength = length }).Nodes.Any(n => n.Name == "rope_factors_long.weight");
    }

    [Fact]
    public void The_norm_after_experts_may_have_its_newer_name()
    {
        using var recipe = new RecipeModel("grok");
        var source = new AlteredSource(new GgufModelSource(recipe.File));
        for (var i = 0; i < 2; i++) source.Renamed[$"blk.{i}.layer_output_norm.weight"] = $"blk.{i}.post_ffw_norm.weight";
        ModelLoader.Load(recipe.Model, source);
        var logits = recipe.Model.Evaluate(source, recipe.Fixture.Tokens);
        Assert.True(ArchitectureFixture.NormalizedError(recipe.Fixture.Expected, logits.Values) <= 1e-6);
    }

    /// <summary>A model whose output is not its embedding does not run on that in its place.</summary>
    [Theory]
    [InlineData("gpt-oss")]
    [InlineData("gptneox")]
    [InlineData("phi2")]
    [InlineData("stablelm")]
    public void An_output_that_is_not_tied_is_required(string name)
    {
        using var recipe = new RecipeModel(name);
        var source = new AlteredSource(new GgufModelSource(recipe.File));
        source.Removed.Add("output.weight");
        var lines = Assert.Throws<ModelFileException>(() => ModelLoader.Load(recipe.Model, source)).Message.Split('\n');
        Assert.StartsWith("  missing    output.weight [", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("]", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public void Blocks_that_predict_further_tokens_are_left_alone()
    {
        using var recipe = new RecipeModel("qwen3next");
        var source = new AlteredSource(new GgufModelSource(recipe.File));
        source.Keys["qwen3next.nextn_predict_layers"] = 1L;
        source.Renamed["blk.1.attn_q_norm.weight"] = "blk.1.nextn.hnorm.weight";
        ModelLoader.Load(recipe.Model, source);
        Assert.DoesNotContain(recipe.Model.BuildGraph().Nodes, n => n.Name.StartsWith("blk.1.", StringComparison.Ordinal));

        source.Keys["qwen3next.nextn_predict_layers"] = 3L;
        Assert.Throws<ModelFileException>(() => ModelLoader.Load(recipe.Model, source));
        source.Keys["qwen3next.nextn_predict_layers"] = (long)int.MaxValue;
        Assert.Throws<ModelFileException>(() => ModelLoader.Load(recipe.Model, source));
    }

    public void Dispose() => _llama.Dispose();

    private AlteredSource Source() => new(new GgufModelSource(_llama.File));
}
