using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Eager;
using ArchGen.Fixtures;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Mutations;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>
/// The graphs of Qwen3-Next beside its forward pass: its hidden rows, and the draft that a further block makes of them. No reference has recorded a draft, so
/// it is held to <see cref="DraftReference"/>.
/// </summary>
public sealed class GraphTests
{
    private const double Exact = 1e-10;

    private static readonly CpuBackend Cpu = CpuBackend.Exact(2);
    private static readonly EagerBackend Eager = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_draft_is_that_of_the_reference(bool ownTables)
    {
        using var model = new LoadedModel(PredictingRecipe.Load(ownTables).ToGguf(), Catalog.All);
        var (tokens, hidden) = Prompt(model);
        var expected = new DraftReference(model, ownTables).Run(tokens, hidden);
        Assert.Equal([tokens.Length, model.Model.Vocab], expected.Dims);
        Assert.InRange(Error(expected, model.Model.Evaluate("draft", model.Source, tokens, hidden).Values), 0, Exact);
        foreach (var batch in new[] { int.MaxValue, 5, 1 })
        {
            Assert.InRange(Error(expected, Draft(model, tokens, hidden, Cpu, batch)), 0, Exact);
            Assert.InRange(Error(expected, Draft(model, tokens, hidden, Eager, batch)), 0, Exact);
            Assert.InRange(Error(expected, Draft(model, tokens, hidden, Cpu, batch, Scattered)), 0, Exact);
        }

        // What the model's own tables give, and rows of other tokens, are other drafts.
        Assert.True(Error(expected, new DraftReference(model, ownTables).Run([.. tokens.Reverse()], hidden).Values) > 1e-3);
        if (ownTables) Assert.True(Error(expected, new DraftReference(model, ownTables: false).Run(tokens, hidden).Values) > 1e-3);
    }

    [Fact]
    public void Every_mistake_in_the_draft_is_seen()
    {
        using var model = new LoadedModel(PredictingRecipe.Load().ToGguf(), Catalog.All);
        var (tokens, hidden) = Prompt(model);
        var graph = model.Model.BuildGraph("draft");
        var expected = new DraftReference(model, ownTables: false).Run(tokens, hidden).Values;
        var interpreter = new GraphInterpreter(model.File);
        Assert.InRange(ArchitectureFixture.NormalizedError(expected, interpreter.Run(graph, tokens, hidden).Values), 0, Exact);
        var mutants = Mutation.Of(graph).Where(m => !m.DropsState && m.WhyWithoutEffect is null).ToList();
        Assert.True(mutants.Count > 40, $"only {mutants.Count}");
        // A norm follows, which takes a scale of the keys out again.
        Assert.Equal(["weight scale dropped: blk.*.attn_k"], mutants.Where(m => !IsSeen(m)).Select(m => m.ToString()));
        Assert.Contains(mutants, m => m.Place.EndsWith("nextn.hnorm", StringComparison.Ordinal));

        bool IsSeen(Mutation mutation)
        {
            try
            {
                return !(ArchitectureFixture.NormalizedError(expected, interpreter.Run(mutation.Apply(), tokens, hidden).Values) <= 1e-8);
            }
            catch (ArchGenException)
            {
                return true;
            }
        }
    }

    [Fact]
    public void The_forward_pass_is_as_before_and_the_hidden_rows_are_those_before_its_output()
    {
        var fixture = ArchitectureFixture.Load("qwen3next");
        using var model = new LoadedModel(PredictingRecipe.Load().ToGguf(), Catalog.All);
        Assert.Equal(["hidden", "draft"], model.Model.GraphNames);
        Assert.DoesNotContain(model.Graph.Nodes, n => n.Name.StartsWith("blk.2.", StringComparison.Ordinal));
        var graphs = ModelGraphs.Of(model, fixture.Tokens.Length);
        Assert.InRange(ArchitectureFixture.NormalizedError(fixture.Expected, graphs.Run(fixture.Tokens, new RunMode { Backend = Cpu })), 0, 1e-8);

        var norm = model.Graph.Nodes.Single(n => n.Name == "output_norm");
        float[]? rows = null;
        model.Model.Evaluate(model.Source, fixture.Tokens, (name, _, result) => rows = name == norm.Name ? result.Values : rows);
        Assert.Equal(rows, model.Model.Evaluate("hidden", model.Source, fixture.Tokens).Values);
        Assert.InRange(ArchitectureFixture.NormalizedError(rows, NamedGraph.Run(model, "hidden", fixture.Tokens, null, Cpu, 7)), 0, Exact);
    }

    /// <summary>A file without the block, or with another in its place, is a model all the same, and a draft of it is refused with the reason.</summary>
    [Fact]
    public void Without_the_block_the_model_loads_and_has_no_draft()
    {
        using var plain = new LoadedModel(ArchitectureFixture.Load("qwen3next").Recipe.ToGguf(), Catalog.All);
        Assert.Contains("Block 0 of a list is asked for that has 0", Refusal(plain), StringComparison.Ordinal);
        using var partly = new LoadedModel(PredictingRecipe.Load(without: "blk.2.nextn.eh_proj.weight").ToGguf(), Catalog.All);
        Assert.Contains("missing    blk.2.nextn.eh_proj.weight [64, 128]", Refusal(partly), StringComparison.Ordinal);
        Assert.Equal(partly.Graph.Nodes.Count, plain.Graph.Nodes.Count);

        static string Refusal(LoadedModel model) =>
            Assert.Throws<ModelFileException>(() => model.CreateContext("draft", new ContextOptions { Backend = Cpu, ContextLength = 8 })).Message;
    }

    [Fact]
    public void Rows_and_names_that_do_not_fit_are_refused()
    {
        using var model = new LoadedModel(PredictingRecipe.Load().ToGguf(), Catalog.All);
        Assert.Equal("qwen3next has no graph 'drafts' beside that of its forward pass. It has hidden, draft.",
            Assert.Throws<RequestException>(() => model.Model.BuildGraph("drafts")).Message);
        Assert.Equal("This graph reads rows of another graph, and there are none.",
            Assert.Throws<RequestException>(() => model.Model.Evaluate("draft", model.Source, [1, 2])).Message);
        Assert.StartsWith("The rows of another graph are [3, 64], but this graph reads [2, 64].",
            Assert.Throws<RequestException>(() => model.Model.Evaluate("draft", model.Source, [1, 2], Operand.Zeros(3, 64))).Message, StringComparison.Ordinal);

        using var draft = model.CreateContext("draft", new ContextOptions { Backend = Cpu, ContextLength = 8 });
        var batch = new Batch();
        batch.Add(1, 0, sequence: 0, wantOutput: true);
        Assert.StartsWith("qwen3next.draft reads rows of 64 elements of another graph, and the batch has rows of 0.",
            Assert.Throws<RequestException>(() => draft.Evaluate(batch)).Message, StringComparison.Ordinal);
        Assert.Throws<RequestException>(() => batch.Add(2, 1, sequence: 0, wantOutput: true, new float[64]));
        batch.Clear();
        batch.Add(1, 0, sequence: 0, wantOutput: true, new float[64]);
        draft.Evaluate(batch);
        Assert.Equal(model.Model.Vocab, draft.Output(0).Length);
        using var main = model.CreateContext(new ContextOptions { Backend = Cpu, ContextLength = 8 });
        Assert.StartsWith("qwen3next reads no rows of another graph", Assert.Throws<RequestException>(() => main.Evaluate(batch)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>The tokens after the first, and the row that the model makes of the token before each.</summary>
    private static (int[] Tokens, Operand Hidden) Prompt(LoadedModel model)
    {
        var prompt = ArchitectureFixture.Load("qwen3next").Tokens;
        var rows = model.Model.Evaluate("hidden", model.Source, prompt);
        return (prompt[1..], new Operand(rows.Values[..^rows.Width], [prompt.Length - 1, rows.Width]));
    }

    private static float[] Draft(
        LoadedModel model, int[] tokens, Operand hidden, IBackend backend, int batchSize, Func<Node, IBackend?>? placement = null) =>
        NamedGraph.Run(model, "draft", tokens, hidden, backend, batchSize, placement);

    // About half of all nodes, whatever they are.
    private static IBackend? Scattered(Node node) => node.Name.Sum(c => c) % 2 == 0 ? Eager : null;

    private static double Error(Operand expected, float[] actual) => ArchitectureFixture.NormalizedError(expected.Values, actual);
}
