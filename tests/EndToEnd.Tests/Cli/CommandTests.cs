using System.Text.Json;
using ArchGen.Architectures;
using ArchGen.Cli;
using ArchGen.Fixtures;
using ArchGen.Graphs;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Each command does what its help says.</summary>
public sealed class CommandTests
{
    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");

    [Fact]
    public void Run_without_a_model_prints_a_story()
    {
        var run = Archgen.Run("run", "-n", "60");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("This is the story of Nutmeg", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"^ready in \d+ ms; prompt 20 tokens, [\d.]+ tokens/s; generation 60 tokens, [\d.]+ tokens/s\n$", run.Error);
    }

    [Fact]
    public void Run_is_the_same_for_the_same_seed()
    {
        string Text(string seed) => Archgen.Run("run", Stories, "-p", "Once upon a time", "-n", "24", "--temp", "1.2", "--seed", seed).Out;
        Assert.Equal(Text("7"), Text("7"));
        Assert.NotEqual(Text("7"), Text("8"));
    }

    [Fact]
    public void A_bias_forbids_a_token()
    {
        var free = Archgen.Run("run", Stories, "-p", "Once upon a time", "-n", "1", "--temp", "0").Out;
        using var model = BuiltIn.Program.Load(Stories);
        var token = model.Tokenizer.Encode(free.TrimEnd('\n'), addSpecial: false, parseSpecial: false)[^1];
        Assert.NotEqual(free, Archgen.Run("run", Stories, "-p", "Once upon a time", "-n", "1", "--temp", "0", "--logit-bias", $"{token}=-1000").Out);
    }

    [Fact]
    public void Tokenize_writes_an_array_for_each_string()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("texts.json"), """["Once upon a time", ""]""");
        var run = Archgen.Run("tokenize", Stories, "--input", folder.File("texts.json"), "--output", folder.File("ids.json"), "--add-special");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("[[1,403,407,261,378],[1]]", File.ReadAllText(folder.File("ids.json")));
    }

    [Fact]
    public void Inspect_shows_keys_tensors_and_the_verdict()
    {
        var run = Archgen.Run("inspect", Stories);
        Assert.Contains("general.architecture = string \"llama\"", run.Out, StringComparison.Ordinal);
        Assert.Contains("token_embd.weight", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("The tensors are those of llama: none is missing, extra or misshapen.\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_shows_why_a_tensor_is_not_used()
    {
        using var folder = new TemporaryFolder();
        var run = Archgen.Run("inspect", ArchitectureFixture.Load("mpt").WriteGguf(folder.Path));
        Assert.Contains("\nNot used: blk.0.attn_k_norm.weight (without a norm of the queries, the keys have none).\n", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("The tensors are those of mpt: none is missing, extra or misshapen.\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Graph_prints_a_graph_that_reads_back()
    {
        var text = Archgen.Run("graph", Stories).Out;
        Assert.Equal(text, GraphText.Print(GraphText.Parse(text)));
        Assert.StartsWith("flowchart", Archgen.Run("graph", Stories, "--format", "mermaid").Out, StringComparison.Ordinal);
        Assert.StartsWith("digraph", Archgen.Run("graph", Stories, "--format", "dot").Out, StringComparison.Ordinal);
    }

    /// <summary>Parts and bases stand in their places, whether an architecture or one of its files is asked for.</summary>
    [Fact]
    public void Graph_prints_the_flattened_model()
    {
        var flat = Archgen.Run("graph", "llama", "--flat").Out;
        Assert.StartsWith("llama: Llama 1 to 3", flat, StringComparison.Ordinal);
        Assert.Contains("\nDenseLayer: x\n  attn_norm = AttnNorm.Of(x)", flat, StringComparison.Ordinal);
        Assert.Contains("FfnDown.Of(Silu(FfnGate.Of(ffn_norm)) * FfnUp.Of(ffn_norm))", flat, StringComparison.Ordinal);
        Assert.Equal(flat, Archgen.Run("graph", Stories, "--flat").Out);
        Assert.All(Catalog.All, a => Assert.Contains("return ", a.Flat, StringComparison.Ordinal));
    }

    [Fact]
    public void Graph_of_every_architecture_is_drawn_without_a_file()
    {
        foreach (var architecture in Catalog.All)
        {
            var outline = architecture.Outlines[0];
            var mermaid = Archgen.Run("graph", architecture.Name, "--format", "mermaid").Out.Split('\n');
            var dot = Archgen.Run("graph", architecture.Name, "--format", "dot").Out.Split('\n');
            Assert.Equal("flowchart TD", mermaid[0]);
            Assert.Equal($"digraph \"{architecture.Name}\" {{", dot[0]);
            // The frame of a layer that computes nothing is not drawn.
            var frames = outline.Nodes.Where(n => n.Frame >= 0).Select(n => n.Frame).Distinct().Count();
            Assert.Equal(frames, mermaid.Count(l => l.StartsWith("    subgraph", StringComparison.Ordinal)));
            Assert.Equal(outline.Nodes.Sum(n => n.Inputs.Count), mermaid.Count(l => l.Contains("->", StringComparison.Ordinal)));
            Assert.Equal(outline.Nodes.Sum(n => n.Inputs.Count), dot.Count(l => l.Contains(" -> ", StringComparison.Ordinal)));
            Assert.Contains(dot, l => l.EndsWith(", peripheries=2];", StringComparison.Ordinal));

            // Every node leads to the result, which may be one of several, and every operation has its operands.
            var used = outline.Nodes.SelectMany(n => n.Inputs).Select(i => i.Node).ToHashSet();
            Assert.All(outline.Nodes.Select((n, id) => (n, id)), n => Assert.True(used.Contains(n.id) || n.n.IsOutput, n.n.Name));
            foreach (var (node, id) in outline.Nodes.Select((n, id) => (n, id)))
            {
                Assert.All(node.Inputs, i => Assert.True(i.Node < id));
                var spec = OpTable.Of(node.Op);
                foreach (var slot in Enumerable.Range(0, spec.Operands.Count).Where(s => !spec.Operands[s].IsOptional))
                {
                    Assert.Contains(node.Inputs, i => i.Slot == slot);
                }
            }
        }
    }

    [Fact]
    public void Graph_of_an_architecture_shows_shapes_conditions_and_kinds_of_block()
    {
        var deepseek = Archgen.Run("graph", "deepseek2", "--format", "mermaid").Out;
        Assert.Contains("subgraph b0[\"blk.{i} DenseLayer if IsDense(i), i #60; BlockCount\"]", deepseek, StringComparison.Ordinal);
        Assert.Contains("subgraph b1[\"blk.{i} MixtureLayer otherwise, i #60; BlockCount\"]", deepseek, StringComparison.Ordinal);
        Assert.Contains("[\"blk.{i}.attn_k_b<br/>head_linear [T, Heads, KvRank]<br/>if IsSplit\"]", deepseek, StringComparison.Ordinal);
        Assert.Contains("[\"blk.{i}.attn_kv_b (v)<br/>slice [T, Heads, ValueDim]<br/>if !IsSplit\"]", deepseek, StringComparison.Ordinal);

        Assert.Contains("label=\"dec.blk.{i}, i < BlockCount\"",
            Archgen.Run("graph", "t5", "--format", "dot").Out.Replace("DecoderBlockCount", "BlockCount", StringComparison.Ordinal), StringComparison.Ordinal);
        var encoder = Archgen.Run("graph", "t5", "--format", "dot", "--encoder").Out;
        Assert.StartsWith("digraph \"t5.encoder\" {", encoder, StringComparison.Ordinal);
        Assert.Contains("[label=\"enc.blk.{i}.ffn_gate\\nlinear [S, Ff]\\nif FfnGate is not null\"]", encoder, StringComparison.Ordinal);
        Assert.Contains("llama has no graph 'encoder' beside", Archgen.Run("graph", "llama", "--format", "dot", "--encoder").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Graph_of_every_architecture_prints_its_tensors()
    {
        foreach (var architecture in Catalog.All)
        {
            var run = Archgen.Run("graph", architecture.Name);
            Assert.Equal(0, run.ExitCode);
            foreach (var tensor in architecture.Tensors) Assert.Contains(tensor.Gguf, run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Architectures_lists_all_with_their_classes()
    {
        var list = Archgen.Run("architectures").Out;
        foreach (var architecture in Catalog.All)
        {
            Assert.Contains(architecture.Name, list, StringComparison.Ordinal);
            foreach (var name in architecture.HuggingFaceClasses) Assert.Contains(name, list, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("deepseek2")]
    [InlineData("mamba2")]
    [InlineData("t5")]
    public void Dump_agrees_with_its_eager_self(string recipe)
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load(recipe);
        var model = fixture.WriteGguf(folder.Path);
        string[] arguments = ["dump", model, "--tokens", string.Join(',', fixture.Tokens)];
        // Of every token here, the rows selected for output are all rows; what depends on the encoder alone is computed first.
        var runtime = Sorted(Archgen.Run(arguments).Out, r => r.Op != "select_outputs");
        var eager = Sorted(Archgen.Run([.. arguments, "--eager"]).Out, _ => true);
        Assert.Equal(eager.Select(r => r.Op), runtime.Select(r => r.Op));
        foreach (var (a, b) in eager.Zip(runtime)) Assert.True(Math.Abs(a.Norm - b.Norm) <= 1e-4 * (1 + a.Norm), $"{b.Name}: norm {b.Norm}, eager {a.Norm}");

        static List<(string Name, string Op, double Norm)> Sorted(string dump, Func<(string Name, string Op, double Norm), bool> which) =>
            [.. Rows(dump).Where(which).OrderBy(r => r.Op, StringComparer.Ordinal).ThenBy(r => r.Norm)];
    }

    [Fact]
    public void Dump_shows_only_the_nodes_asked_for()
    {
        var rows = Rows(Archgen.Run("dump", Stories, "-p", "Once", "--node", "blk.1.ffn*").Out);
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.StartsWith("blk.1.ffn", r.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Bench_measures_at_a_depth_and_sequences_together()
    {
        var run = Archgen.Run("bench", Stories, "-p", "4", "-n", "3", "--repetitions", "2", "--depth", "6", "--batch", "2");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(@"pp4x2@d6 +\d", run.Out);
        Assert.Matches(@"tg3x2@d6 +\d", run.Out);
        Assert.Equal(1, Archgen.Run("bench", Stories, "--batch", "0").ExitCode);
    }

    [Fact]
    public void Bench_prints_figures_as_JSON()
    {
        var run = Archgen.Run("bench", Stories, "-p", "8", "-n", "4", "--repetitions", "2", "--json");
        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal(["pp8", "tg4"], document.RootElement.EnumerateArray().Select(e => e.GetProperty("test").GetString()!));
        Assert.All(document.RootElement.EnumerateArray(), e => Assert.True(e.GetProperty("tokens_per_second").GetDouble() > 0));
        Assert.All(document.RootElement.EnumerateArray(), e => Assert.True(e.GetProperty("stddev").GetDouble() >= 0));
    }

    private static List<(string Name, string Op, double Norm)> Rows(string dump) =>
        [.. dump.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split('\t'))
            .Select(c => (c[0], c[1], double.Parse(c[4], System.Globalization.CultureInfo.InvariantCulture)))];
}
