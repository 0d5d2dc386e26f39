using ArchGen.Generators.Tests.Diagnostics;

namespace ArchGen.Generators.Tests.Language;

/// <summary>Declared caches: who writes them, who reads them, and what is emitted for both.</summary>
public class CacheTests
{
    private const string Declaration = "[KvCache(\"Heads, Embd/Heads\")] public partial KvCache Shared { get; }\n\n    ";
    private const string Layer = "public partial class Layer : Block";
    private const string Plain = "Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim))";
    private const string Write = "Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim), cache: Shared)";
    private const string Read = "Attention(Rope(q.Heads(Heads)) * k.Heads(Heads) * v.Heads(Heads), Shared, 1 / Sqrt(HeadDim), window: 4)";

    private static readonly string FirstWrites = OfModel($"Index == 0 ? {Write} : {Read}");

    [Fact]
    public void A_cache_of_the_model_is_written_by_one_layer_and_read_by_others()
    {
        var run = GeneratorRun.Of(FirstWrites).AssertClean();
        Assert.Contains("_shared = tensors.KvCache(\"shared\", [Heads, Embd / Heads]);", run.Generated["ArchGen.Tiny.Tiny.Loader.g.cs"],
            StringComparison.Ordinal);
        var graph = run.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
        Assert.Contains(", cache: Shared));", graph, StringComparison.Ordinal);
        Assert.Contains(", Shared, ", graph, StringComparison.Ordinal);
        Assert.Contains(", window: 4));", graph, StringComparison.Ordinal);
    }

    /// <summary>The graph over hyper-parameters has an edge from what was written to who reads it.</summary>
    [Fact]
    public void The_outline_shows_where_the_keys_come_from()
    {
        var outline = GeneratorRun.Of(FirstWrites).AssertClean().Generated["ArchGen.Tiny.Tiny.TensorNames.g.cs"];
        var attentions = outline.Split('\n').Where(l => l.Contains("Op.Attention,", StringComparison.Ordinal))
            .Select(l => l[l.IndexOf("[new", StringComparison.Ordinal)..]).ToList();
        Assert.Equal(2, attentions.Count);
        Assert.All(attentions, a => Assert.Matches(@"^\[new\(0, \d+\), new\(1, \d+\), new\(2, \d+\)\]", a));
        Assert.Equal(Shared(attentions[0]), Shared(attentions[1]));

        static string Shared(string attention) =>
            attention[attention.IndexOf("new(1", StringComparison.Ordinal)..attention.IndexOf(']', StringComparison.Ordinal)];
    }

    [Theory]
    [InlineData("Index % 2 == 1 ? READ : WRITE")]
    [InlineData("IsGated ? READ : WRITE")]
    [InlineData("WRITE")]
    public void The_same_loop_may_write_it(string attention) =>
        GeneratorRun.Of(OfModel(attention.Replace("READ", Read, StringComparison.Ordinal).Replace("WRITE", Write, StringComparison.Ordinal))).AssertClean();

    [Fact]
    public void A_cache_of_a_layer_is_for_its_own_attentions()
    {
        var run = GeneratorRun.Of(TinyArchitecture.Replace(
            TinyArchitecture.With(Plain, $"{Write} + {Read}"), "public Tensor Forward(Tensor x)",
            Declaration + "    public Tensor Forward(Tensor x)")).AssertClean();
        Assert.Contains("_shared = tensors.KvCache(\"shared\", [Heads, Embd / Heads]);", run.Generated["ArchGen.Tiny.Tiny.Loader.g.cs"],
            StringComparison.Ordinal);
        Assert.DoesNotContain("Model).Shared", run.Generated["ArchGen.Tiny.Tiny.Members.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_layer_too_it_is_written_first()
    {
        var source = TinyArchitecture.Replace(TinyArchitecture.With(Plain, $"{Read} + {Write}"), "public Tensor Forward(Tensor x)",
            Declaration + "    public Tensor Forward(Tensor x)");
        var run = GeneratorRun.Of(source);
        Assert.Equal(["ARCH0046: The cache 'Shared' is read here, but only later attentions write it; write it with Attention(q, k, v, scale, cache: Shared) "
            + "in an earlier layer"], run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
    }

    /// <summary>Values of another shape than the keys.</summary>
    [Fact]
    public void The_values_may_have_a_shape_of_their_own()
    {
        var source = TinyArchitecture.Replace(
            TinyArchitecture.Replace(OfModel(Write), "\"Heads, Embd/Heads\"", "\"Heads, Embd/Heads\", Values = \"Heads, 2*Embd/Heads\""), "v.Heads(Heads), 1",
            "Concat(v.Heads(Heads), v.Heads(Heads)), 1");
        source = TinyArchitecture.Replace(source, "\"Embd, Embd\"", "\"Embd, 2*Embd\"");
        Assert.Contains("tensors.KvCache(\"shared\", [Heads, Embd / Heads], [Heads, 2 * Embd / Heads]);",
            GeneratorRun.Of(source).AssertClean().Generated["ArchGen.Tiny.Tiny.Loader.g.cs"], StringComparison.Ordinal);
    }

    /// <summary>The compiler says it at the second one, twice; the generator adds nothing.</summary>
    [Theory]
    [InlineData("[KvCache(\"Heads, Embd/Heads\")] public partial KvCache Shared { get; }\n\n    ")]
    [InlineData("[State(\"Embd\")] public partial State Shared { get; }\n\n    ")]
    public void A_cache_named_twice_is_reported_at_the_second(string second)
    {
        var run = GeneratorRun.Of(TinyArchitecture.Replace(FirstWrites, Layer, second + Layer));
        Assert.Equal(["CS0102", "CS9250"], run.Reported.Select(d => d.Id).Order(StringComparer.Ordinal));
        Assert.Single(run.Reported.Select(d => d.Location.SourceSpan).Distinct());
    }

    /// <summary>A layer's cache of that name is the one that is meant there: the model's has no use.</summary>
    [Fact]
    public void A_cache_of_the_model_that_a_layers_hides_is_reported()
    {
        var hidden = TinyArchitecture.Replace(FirstWrites, "public Tensor Forward(Tensor x)", Declaration + "    public Tensor Forward(Tensor x)");
        var found = Assert.Single(GeneratorRun.Of(hidden).Reported);
        Assert.Equal("ARCH0025: Cache 'Shared' is declared, but no operation of Tiny uses it", $"{found.Id}: {found.GetMessage()}");
    }

    [Fact]
    public void Two_parts_do_not_share_a_cache_of_one_name()
    {
        const string Parts = """

            public interface IFirst
            {
                [KvCache("Heads, Embd/Heads")] KvCache Shared { get; }
            }

            public interface ISecond
            {
                [KvCache("1, Embd")] KvCache Shared { get; }
            }

            """;
        var source = TinyArchitecture.Replace(TinyArchitecture.With(Plain, $"{Write} + {Read}"), "Layer : Block", "Layer : Block, IFirst, ISecond");
        GeneratorRun.Of(source + Parts).AssertOne(
            "ARCH0047", "File0.cs", "ISecond", "'Shared' is '1, Embd' in ISecond, but 'Heads, Embd/Heads' in IFirst; rename it in one of them");
    }

    private static string OfModel(string attention) => TinyArchitecture.Replace(TinyArchitecture.With(Plain, attention), Layer, Declaration + Layer);
}
