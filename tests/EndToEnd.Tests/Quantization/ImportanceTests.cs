using ArchGen.Architectures;
using ArchGen.EndToEnd.Tests.Measurement;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Comparison;
using ArchGen.Tools.Measurement;
using ArchGen.Tools.Quantization.Importance;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>
/// What is summed for each weight tensor, of every operation, against the values that the forward pass as it is written hands to its products.
/// </summary>
public sealed class ImportanceTests
{
    private const double Tolerance = 1e-8;

    public enum Mistake { None, FirstTokenLeftOut, OnlyTheLastRowOfTheLastLayer, NextExpert, ResultInsteadOfInput, NotSquared }

    public static TheoryData<string> Recipes => [.. CoveringRecipes.Names.Intersect(ArchitectureFixture.Names).Where(n => n != "t5")];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Sums_are_those_of_the_forward_pass(string recipe)
    {
        using var model = new LoadedModel(ArchitectureFixture.Load(recipe).Recipe.ToGguf(), Catalog.All);
        var text = Text(recipe, model);
        var actual = Collect(model, text);
        var expected = Expected(model, text, Mistake.None);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Names);
        Assert.NotEmpty(expected);
        foreach (var (name, (sums, counts)) in expected)
        {
            Assert.Equal(counts, actual.Entries[name].Counts.ToArray());
            var error = NormalizedError.Of(sums, actual.Entries[name].Sums);
            Assert.True(error <= Tolerance, $"{name}: NMSE {error:E2}");
        }
    }

    [Theory]
    [InlineData("llama", Mistake.FirstTokenLeftOut)]
    [InlineData("llama", Mistake.OnlyTheLastRowOfTheLastLayer)]
    [InlineData("llama", Mistake.ResultInsteadOfInput)]
    [InlineData("llama", Mistake.NotSquared)]
    [InlineData("llama-moe", Mistake.NextExpert)]
    [InlineData("llama-moe", Mistake.FirstTokenLeftOut)]
    [InlineData("deepseek2", Mistake.FirstTokenLeftOut)]
    public void Mistakes_are_seen(string recipe, Mistake mistake)
    {
        using var model = new LoadedModel(ArchitectureFixture.Load(recipe).Recipe.ToGguf(), Catalog.All);
        var text = Text(recipe, model);
        var actual = Collect(model, text);
        Assert.Contains(Expected(model, text, mistake), e => !actual.Entries.TryGetValue(e.Key, out var entry)
            || entry.Sums.Length != e.Value.Sums.Length || !entry.Counts.SequenceEqual(e.Value.Counts)
            || NormalizedError.Of(e.Value.Sums, entry.Sums) > Tolerance);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(512, 2)]
    public void Batches_and_threads_change_nothing(int batch, int threads)
    {
        using var model = new LoadedModel(ArchitectureFixture.Load("llama-moe").Recipe.ToGguf(), Catalog.All);
        var text = Text("llama-moe", model);
        ImportanceMatrix one = Collect(model, text), other = Collect(model, text, new EvaluationOptions { BatchSize = batch, Threads = threads });
        Assert.Equal(one.Names, other.Names);
        foreach (var name in one.Names)
        {
            Assert.Equal(one.Entries[name].Counts.ToArray(), other.Entries[name].Counts.ToArray());
            Assert.InRange(NormalizedError.Of(one.Entries[name].Sums, other.Entries[name].Sums), 0, 1e-10);
        }
    }

    [Fact]
    public void Stories260K_is_what_llama_imatrix_finds()
    {
        using var model = TokenizedModel.Stories();
        var text = ChunkedText.Create(model.Tokenizer, TokenizedModel.StoriesText(), 128);
        var collector = new ImportanceCollector(model, processOutput: true);
        collector.Run(text);
        var actual = collector.ToMatrix(["stories.txt"]);
        var expected = ImportanceMatrix.Read(SharedFixtures.Local("quantization/stories260K.imatrix.gguf"));
        Assert.Equal((expected.Dataset, expected.Chunks, expected.ChunkSize), (actual.Dataset, actual.Chunks, actual.ChunkSize));
        Assert.Equal(expected.Names, actual.Names);
        foreach (var name in expected.Names)
        {
            Assert.Equal(expected.Entries[name].Counts.ToArray(), actual.Entries[name].Counts.ToArray());
            foreach (var (e, a) in expected.Entries[name].Sums.ToArray().Zip(actual.Entries[name].Sums.ToArray()))
                Assert.InRange(a, e * (1 - 1e-5f), e * (1 + 1e-5f));
        }
    }

    [Fact]
    public void The_older_format_says_the_same_as_the_newer()
    {
        var gguf = ImportanceMatrix.Read(SharedFixtures.Local("quantization/stories260K.imatrix.gguf"));
        var dat = ImportanceMatrix.Read(SharedFixtures.Local("quantization/stories260K.imatrix.dat"));
        Assert.Equal(gguf.Names, dat.Names);
        Assert.Equal((gguf.Dataset, gguf.Chunks), (dat.Dataset, dat.Chunks));
        var combined = ImportanceMatrix.Combine([dat], gguf.ChunkSize);
        foreach (var name in gguf.Names)
        {
            Assert.InRange(NormalizedError.Of(gguf.For(name), dat.For(name)), 0, 1e-12);
            Assert.Equal(gguf.Entries[name].Counts.ToArray(), combined.Entries[name].Counts.ToArray());
            Assert.InRange(NormalizedError.Of(gguf.Entries[name].Sums, combined.Entries[name].Sums), 0, 1e-12);
        }
    }

    [Fact]
    public void Two_texts_combined_are_one_text()
    {
        using var model = new LoadedModel(ArchitectureFixture.Load("llama-moe").Recipe.ToGguf(), Catalog.All);
        var tokens = ArchitectureFixture.Load("llama-moe").Tokens;
        var both = Collect(model, new ChunkedText(tokens, 8, null));
        ImportanceMatrix first = Collect(model, new ChunkedText(tokens[..8], 8, null)), rest = Collect(model, new ChunkedText(tokens[8..], 8, null));
        var combined = ImportanceMatrix.Combine([first, rest], 8);
        Assert.Equal((3, 8), (combined.Chunks, combined.ChunkSize));
        foreach (var name in both.Names)
        {
            Assert.Equal(both.Entries[name].Counts.ToArray(), combined.Entries[name].Counts.ToArray());
            Assert.InRange(NormalizedError.Of(both.Entries[name].Sums, combined.Entries[name].Sums), 0, 1e-12);
        }
    }

    [Fact]
    public void What_is_not_covered_is_told()
    {
        using var model = new LoadedModel(ArchitectureFixture.Load("llama-moe").Recipe.ToGguf(), Catalog.All);
        // One token cannot go to all four experts.
        var matrix = Collect(model, new ChunkedText([5], 1, null));
        var coverage = ImportanceCoverage.Of(matrix, model);
        Assert.Equal(["token_embd.weight", "output.weight"], coverage.Missing.Select(m => m.Tensor));
        var starved = coverage.Starved.Select(s => s.Tensor).Order(StringComparer.Ordinal).Where(t => t.StartsWith("blk.1.", StringComparison.Ordinal));
        Assert.Equal(["blk.1.ffn_down_exps.weight", "blk.1.ffn_gate_exps.weight", "blk.1.ffn_up_exps.weight"], starved);
        Assert.All(coverage.Starved, s => Assert.Equal((2, 4), (s.Experts.Count, s.Of)));
        foreach (var (tensor, experts, _) in coverage.Starved)
        {
            var entry = matrix.Entries[tensor];
            foreach (var expert in experts) Assert.All(entry.Weights.Slice(expert * entry.Columns, entry.Columns).ToArray(), w => Assert.Equal(1, w));
        }
    }

    [Fact]
    public void An_encoder_decoder_is_refused()
    {
        using var model = new LoadedModel(ArchitectureFixture.Load("t5").Recipe.ToGguf(), Catalog.All);
        Assert.Contains("encoder", Assert.Throws<RequestException>(() => new ImportanceCollector(model)).Message, StringComparison.Ordinal);
    }

    private static ChunkedText Text(string recipe, LoadedModel model)
    {
        var tokens = ArchitectureFixture.Load(recipe).Tokens;
        var length = tokens.Length / 2;
        return new ChunkedText(tokens[..(2 * length)], length, bos: 3 % model.Model.Vocab);
    }

    private static ImportanceMatrix Collect(LoadedModel model, ChunkedText text, EvaluationOptions? options = null)
    {
        var collector = new ImportanceCollector(model, options ?? new EvaluationOptions { Threads = 1 });
        collector.Run(text);
        return collector.ToMatrix([]);
    }

    private static Dictionary<string, (float[] Sums, long[] Counts)> Expected(LoadedModel model, ChunkedText text, Mistake mistake)
    {
        var result = new Dictionary<string, (float[] Sums, long[] Counts)>();
        for (var chunk = 0; chunk < text.Chunks; chunk++)
        {
            int[] tokens = [.. Enumerable.Range(0, text.ChunkLength).Select(p => text.Read(chunk, p))];
            var graphs = ModelGraphs.Of(model, tokens.Length);
            var trace = Trace.RunEager(model, graphs, tokens);
            foreach (var node in graphs.Main.Nodes)
            {
                // The product that makes the logits is left out.
                if (!node.Spec.IsProduct) continue;
                if (node.Inputs[1]!.IsLeaf && node.Inputs[1]!.Name != Output(graphs.Main)) Add(result, node, trace, tokens.Length, mistake);
            }
        }

        return result;
    }

    private static string Output(Graph graph) =>
        graph.Nodes.Last(n => n.Op == Op.Linear).Inputs[1]!.Name is ("output.weight" or "token_embd.weight") and var name ? name : "";

    private static void Add(Dictionary<string, (float[] Sums, long[] Counts)> result, Node node, Trace trace, int tokens, Mistake mistake)
    {
        var input = mistake == Mistake.ResultInsteadOfInput ? node : node.Inputs[0]!;
        var values = trace.Find(trace.Graphs.Main.Name, input.Name)!;
        var width = trace.DimsOf(input)[^1];
        var rows = values.Length / width;
        var heads = rows / tokens;
        var experts = node.Op == Op.ExpertLinear ? trace.DimsOf(node.Inputs[1]!)[0] : 1;
        var columns = node.Op == Op.HeadLinear ? heads * width : width;
        var weight = node.Inputs[1]!.Name;
        if (!result.TryGetValue(weight, out var entry)) result[weight] = entry = (new float[experts * columns], new long[experts]);
        if (node.Op == Op.HeadLinear)
        {
            for (var i = 0; i < values.Length; i++) entry.Sums[i % columns] += values[i] * values[i];
            entry.Counts[0] += tokens;
            if (mistake == Mistake.FirstTokenLeftOut) entry.Counts[0]--;
            return;
        }

        var ids = node.Op == Op.ExpertLinear ? trace.Find(trace.Graphs.Main.Name, node.Inputs[2]!.Name)! : null;
        var uses = ids is null ? rows : ids.Length;
        for (var use = 0; use < uses; use++)
        {
            var row = use * rows / uses;
            var isLastLayer = mistake == Mistake.OnlyTheLastRowOfTheLastLayer && weight.StartsWith("blk.1.ffn", StringComparison.Ordinal);
            if ((mistake == Mistake.FirstTokenLeftOut && use * tokens / uses == 0) || (isLastLayer && row < rows - 1)) continue;
            var expert = ids is null ? 0 : ((int)ids[use] + (mistake == Mistake.NextExpert ? 1 : 0)) % experts;
            entry.Counts[expert]++;
            for (var i = 0; i < width; i++)
            {
                var x = values[(row * width) + i];
                entry.Sums[(expert * columns) + i] += mistake == Mistake.NotSquared ? Math.Abs(x) : x * x;
            }
        }
    }
}
