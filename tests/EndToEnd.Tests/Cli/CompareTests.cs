using System.Globalization;
using System.Text.RegularExpressions;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Comparison;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen compare</c>, as it is typed.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ArchitectureFixture _fixture = ArchitectureFixture.Load("llama");
    private readonly string _model;

    public CompareTests() => _model = _fixture.WriteGguf(_folder.Path);

    private string Tokens => string.Join(',', _fixture.Tokens);

    [Theory]
    [InlineData("eager")]
    [InlineData("portable")]
    [InlineData("kv=f16")]
    [InlineData("kv=q8_0")]
    public void A_model_agrees_with_its_modes(string mode)
    {
        var run = Archgen.Run("compare", _model, mode, "--tokens", Tokens);
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Matches(@"^nothing diverges: \d+ nodes agree with " + Regex.Escape(mode) + " within [^,]+, the largest error is [0-9.]+E[-+][0-9]+\n$", run.Out);
    }

    [Fact]
    public void A_smaller_cache_diverges_where_it_is_read()
    {
        var run = Archgen.Run("compare", _model, "kv=q8_0", "--tokens", Tokens, "--tolerance", "1e-9");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            "blk.0.attn diverges from kv=q8_0, in one batch\n  operation  attention [24, 64]\n  declared   SelfAttention.cs:", run.Out,
            StringComparison.Ordinal);
        Assert.Matches(@"\n  element    \[\d+, \d+\]: -?[\d.E-]+, reference -?[\d.E-]+\n  \d+ nodes before it agree\n$", run.Out);
    }

    [Fact]
    public void The_declaration_is_named_by_its_line()
    {
        using var model = new LoadedModel(_fixture.Recipe.ToGguf(), Catalog.All);
        (string Node, string File, string Text)[] lines =
        [
            ("blk.1.attn_norm", "JoinedLayers.cs", "AttnNorm.Of(x)"), ("output", "BaseDecoder.cs", "Output.Of("),
            ("blk.0.attn_q (rope)", "Llama.cs", "LongRotary"),
        ];
        foreach (var (node, file, text) in lines)
        {
            var place = model.Graph.Nodes.Single(n => n.Name == node).Source!.Split(" or ")[0].Split(':');
            Assert.Equal(file, place[0]);
            var folder = Path.Combine(SharedFixtures.Root, "architectures");
            var source = File.ReadAllLines(Directory.GetFiles(folder, file, SearchOption.AllDirectories).Single());
            Assert.Contains(text, source[int.Parse(place[1], CultureInfo.InvariantCulture) - 1], StringComparison.Ordinal);
        }

        Assert.All(model.Graph.Nodes.Where(n => !n.IsLeaf), n => Assert.NotNull(n.Source));
    }

    [Fact]
    public void A_second_model_diverges_at_the_tensor_that_differs()
    {
        var other = Altered("blk.1.ffn_up.weight");
        var run = Archgen.Run("compare", _model, other, "--tokens", Tokens, "--all");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\nblk.1.ffn_up diverges from " + other, run.Out, StringComparison.Ordinal);
        Assert.Contains("! blk.1.ffn_up ", run.Out, StringComparison.Ordinal);
        Assert.Contains("  blk.1.ffn_norm ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_of_llama_cpp_and_one_of_ours_are_read()
    {
        var nodes = SharedFixtures.Local("architectures/llama.nodes.tsv");
        Assert.Equal(0, Archgen.Run("compare", _model, nodes, "--tokens", Tokens).ExitCode);
        var wrong = Archgen.Run("compare", Altered("blk.0.attn_output.weight"), nodes, "--tokens", Tokens);
        Assert.StartsWith("blk.0.attn_output diverges from llama.nodes.tsv", wrong.Out, StringComparison.Ordinal);
        Assert.Contains("\n  reference  attn_out-0\n", wrong.Out, StringComparison.Ordinal);

        var own = _folder.File("own.tsv");
        File.WriteAllText(own, Archgen.Run("dump", _model, "--tokens", Tokens).Out);
        Assert.Equal(0, Archgen.Run("compare", _model, own, "--tokens", Tokens).ExitCode);
        var altered = Archgen.Run("compare", Altered("blk.1.attn_norm.weight"), own, "--tokens", Tokens);
        Assert.StartsWith("blk.1.attn_norm diverges from own.tsv", altered.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Activations_are_matched_by_the_names_of_modules()
    {
        var path = _folder.File("activations.safetensors");
        File.WriteAllBytes(path, SafetensorsBytes.Of(Activations()));
        var run = Archgen.Run("compare", _model, path, "--tokens", Tokens);
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Matches(@"^nothing diverges: 15 nodes agree", run.Out);

        var wrong = Archgen.Run("compare", Altered("blk.1.attn_k.weight"), path, "--tokens", Tokens);
        Assert.StartsWith("blk.1.attn_k diverges from activations.safetensors, in one batch", wrong.Out, StringComparison.Ordinal);
        Assert.Contains("\n  reference  model.layers.1.self_attn.k_proj\n", wrong.Out, StringComparison.Ordinal);

        var shorter = Archgen.Run("compare", _model, path, "--tokens", "1,2,3");
        Assert.Contains("Record one sequence, with the same tokens.", shorter.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is neither a file nor a mode", "compare", "MODEL", "egar", "--tokens", "1")]
    [InlineData("Give the prompt once", "compare", "MODEL", "eager")]
    [InlineData("is out of range", "compare", "MODEL", "eager", "--tokens", "1,99999")]
    [InlineData("there is no such file", "compare", "MODEL", "missing.tsv", "--tokens", "1")]
    [InlineData("there is no such file", "compare", "MODEL", "missing.safetensors", "--tokens", "1")]
    [InlineData("expected 0 or more", "compare", "MODEL", "eager", "--tokens", "1", "--tolerance", "-1")]
    public void Bad_input_gets_one_message(string message, params string[] arguments)
    {
        var run = Archgen.Run([.. arguments.Select(a => a == "MODEL" ? _model : a)]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("archgen: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\tb\tc\n", "3 fields")]
    [InlineData("a\tADD\t2,x\t1\t1\t1\n", "the shape is '2,x'")]
    [InlineData("a\tADD\t2\t1\tmuch\t1\n", "'much' is no number")]
    [InlineData("", "there are no nodes")]
    public void A_dump_that_is_none_is_refused(string text, string message)
    {
        var path = _folder.File("nodes.tsv");
        File.WriteAllText(path, text);
        var run = Archgen.Run("compare", _model, path, "--tokens", "1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What a checkpoint of this model would give for its modules: query and key with the halves of each head apart.</summary>
    private IEnumerable<(string, long[], float[])> Activations()
    {
        using var model = new LoadedModel(_fixture.Recipe.ToGguf(), Catalog.All);
        var trace = Trace.RunEager(model, ModelGraphs.Of(model, _fixture.Tokens.Length), _fixture.Tokens);
        string[] modules = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "input_layernorm", "post_attention_layernorm"];
        string[] nodes = ["attn_q", "attn_k", "attn_v", "attn_output", "attn_norm", "ffn_norm"];
        List<(string Module, string Node)> pairs = [("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output")];
        for (var block = 0; block < 2; block++) pairs.AddRange(modules.Zip(nodes, (m, n) => ($"model.layers.{block}.{m}", $"blk.{block}.{n}")));
        foreach (var (module, node) in pairs)
        {
            var values = trace.Find("llama", node)!;
            if (node.EndsWith("attn_q", StringComparison.Ordinal) || node.EndsWith("attn_k", StringComparison.Ordinal)) values = HalvesApart(values, 16);
            yield return (module, [1, _fixture.Tokens.Length, values.Length / _fixture.Tokens.Length], values);
        }
    }

    private static float[] HalvesApart(float[] values, int width)
    {
        var result = new float[values.Length];
        for (var i = 0; i < values.Length; i++) result[(i / width * width) + (i % 2 * width / 2) + (i % width / 2)] = values[i];
        return result;
    }

    /// <summary>The model with one tensor changed in one place.</summary>
    private string Altered(string tensor)
    {
        using var file = GgufFile.Open(_model);
        var writer = new GgufWriter(file.Metadata);
        foreach (var t in file.Tensors)
        {
            if (t.Name != tensor)
            {
                writer.Add(t);
                continue;
            }

            var data = t.Slice(0, (int)t.ByteLength).ToArray();
            BitConverter.GetBytes(BitConverter.ToSingle(data) + 1f).CopyTo(data, 0);
            writer.Add(t.Name, t.Type, t.Dimensions.AsSpan(), data);
        }

        var path = _folder.File($"{tensor}.gguf");
        writer.Save(path);
        return path;
    }
}
