using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Embeddings;

/// <summary>Rerankers: the scores of small random models against their heads computed by themselves, in double precision.</summary>
public sealed class RankTests
{
    private const int Labels = 3;

    [Theory]
    [InlineData("bert", true)]
    [InlineData("bert", false)]
    [InlineData("nomic-bert", true)]
    [InlineData("modern-bert", true)]
    [InlineData("qwen3", false)]
    public void Scores_are_those_of_the_head(string name, bool hasDense)
    {
        var recipe = Reranker(name, hasDense, isComplete: true);
        using var model = new LoadedModel(recipe.ToGguf(), Catalog.All);
        int[] tokens = [.. recipe.Tokens];
        using var embedder = new TextEmbedder(model, new CpuBackend());
        Assert.Equal(Pooling.Rank, embedder.Pooling);
        using var plain = new TextEmbedder(model, new CpuBackend(), new EmbeddingOptions { Pooling = Pooling.None, Normalize = false });
        var (rows, width) = (plain.Embed(tokens), plain.Width);
        var scores = embedder.Embed(tokens);
        Assert.Equal(Labels, scores.Length);
        var expected = Head(model, name, RowOf(name, rows, width), hasDense);
        Assert.InRange(ArchitectureFixture.NormalizedError(expected, scores), 0, 1e-10);

        // Another row, or a head without its activation, is another score.
        Assert.True(ArchitectureFixture.NormalizedError(Head(model, name, Row(rows, width, 1), hasDense), scores) > 1e-6);
        if (hasDense) Assert.True(ArchitectureFixture.NormalizedError(Head(model, "none", RowOf(name, rows, width), hasDense), scores) > 1e-6);
    }

    [Fact]
    public void A_reranker_without_its_head_is_an_error()
    {
        var error =
            Assert.Throws<ModelFileException>(() => new LoadedModel(Reranker("bert", hasDense: true, isComplete: false).ToGguf(), Catalog.All).Dispose());
        Assert.Contains("cls.output.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_architecture_without_a_head_is_an_error()
    {
        using var model = LoadedModel.Open(SharedFixtures.Local("models/stories260K.gguf"), Catalog.All);
        var error = Assert.Throws<RequestException>(() => new TextEmbedder(model, new CpuBackend(), new EmbeddingOptions { Pooling = Pooling.Rank }));
        Assert.Contains("llama declares no head that ranks texts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_is_one_text_with_one_beginning()
    {
        using TemporaryFolder folder = new();
        string input = Path.Combine(folder.Path, "texts.json"), output = Path.Combine(folder.Path, "rows.json");
        File.WriteAllText(input, "[[\"Who\", \"He\"], \"Once\"]");
        var file = SharedFixtures.Local("models/stories260K.gguf");
        var run = Archgen.Run("embed", file, "--input", input, "--output", output, "--pooling", "last");
        Assert.True(run.ExitCode == 0, run.Error);
        var rows = JsonNode.Parse(File.ReadAllText(output))!.AsArray();
        Assert.Equal(2, rows.Count);

        using var model = LoadedModel.Open(file, Catalog.All);
        using var embedder = new TextEmbedder(model, new CpuBackend(), new EmbeddingOptions { Pooling = Pooling.Last });
        var first = model.Tokenizer.Encode("Who", addSpecial: true, parseSpecial: false);
        var second = model.Tokenizer.Encode("He", addSpecial: true, parseSpecial: false);
        Assert.Equal(model.Tokenizer.Vocabulary.Bos, second[0]);
        Assert.Equal(embedder.Embed([.. first, .. second[1..]]), rows[0]!.AsArray().Select(v => v!.GetValue<float>()));
    }

    private static ModelRecipe Reranker(string name, bool hasDense, bool isComplete)
    {
        var recipe = JsonNode.Parse(File.ReadAllText(SharedFixtures.Local($"architectures/{name}.json")))!;
        JsonArray metadata = recipe["metadata"]!.AsArray(), tensors = recipe["tensors"]!.AsArray();
        foreach (var row in tensors.Where(r => $"{r![0]}".StartsWith("cls", StringComparison.Ordinal)).ToList()) tensors.Remove(row);
        metadata.Add(new JsonArray($"{name}.pooling_type", "u32", 4));
        metadata.Add(new JsonArray($"{name}.classifier.output_labels", "array:str", new JsonArray("no", "perhaps", "yes")));
        var width = metadata.Single(r => $"{r![0]}" == $"{name}.embedding_length")![2]!.GetValue<int>();
        var hasBias = name is "bert" or "nomic-bert";
        if (hasDense)
        {
            Add("cls.weight", width, width);
            if (hasBias) Add("cls.bias", width);
            if (name == "modern-bert") Add("cls.norm.weight", width);
        }

        if (isComplete) Add("cls.output.weight", width, Labels);
        if (isComplete && name != "qwen3") Add("cls.output.bias", Labels);
        return ModelRecipe.Parse(name, name, System.Text.Encoding.UTF8.GetBytes(recipe.ToJsonString()), null);

        void Add(string tensor, params int[] sizes) => tensors.Add(
            new JsonArray(tensor, "f32", new JsonArray([.. sizes.Select(s => JsonValue.Create(s))]), "normal", 0, 0.3));
    }

    private static double[] RowOf(string name, float[] rows, int width)
    {
        var count = rows.Length / width;
        return name switch
        {
            "modern-bert" => [.. Enumerable.Range(0, width).Select(i => Enumerable.Range(0, count).Average(t => (double)rows[(t * width) + i]))],
            "qwen3" => Row(rows, width, count - 1),
            _ => Row(rows, width, 0),
        };
    }

    private static double[] Row(float[] rows, int width, int token) => [.. rows.AsSpan(token * width, width).ToArray().Select(v => (double)v)];

    /// <summary>The head in double precision; of no architecture: without its activation.</summary>
    private static float[] Head(LoadedModel model, string name, double[] row, bool hasDense)
    {
        if (hasDense)
        {
            row = Product(model, "cls", row);
            if (name is "bert" or "nomic-bert") row = Array.ConvertAll(row, Math.Tanh);
            if (name == "modern-bert")
            {
                row = Array.ConvertAll(row, x => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))));
                row = Normed(Read(model, "cls.norm.weight")!, row, model.File.Metadata.GetSingle("modern-bert.attention.layer_norm_epsilon"));
            }
        }

        row = Product(model, "cls.output", row);
        if (name == "qwen3")
        {
            var sum = row.Sum(Math.Exp);
            row = Array.ConvertAll(row, x => Math.Exp(x) / sum);
        }

        return Array.ConvertAll(row, x => (float)x);
    }

    private static double[] Product(LoadedModel model, string name, double[] row)
    {
        float[] weight = Read(model, name + ".weight")!, bias = Read(model, name + ".bias") ?? [];
        var outputs = Enumerable.Range(0, weight.Length / row.Length);
        return [.. outputs.Select(o => row.Select((x, i) => x * weight[(o * row.Length) + i]).Sum() + (bias.Length > 0 ? bias[o] : 0))];
    }

    private static double[] Normed(float[] weight, double[] row, double epsilon)
    {
        var mean = row.Average();
        var deviation = Math.Sqrt(row.Average(x => (x - mean) * (x - mean)) + epsilon);
        return [.. row.Select((x, i) => (x - mean) / deviation * weight[i])];
    }

    private static float[]? Read(LoadedModel model, string tensor) => model.Source.FindTensor(tensor) is null ? null : model.Source.Read(tensor);

    /// <summary>The error function by its series (Abramowitz and Stegun 7.1.6).</summary>
    private static double Erf(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 200; n++) sum += term *= 2 * x * x / ((2 * n) + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
