namespace ArchGen.Generators.Tests.Language;

/// <summary>Methods with [Graph] are further graphs over the tensors of a model.</summary>
public class GraphTests
{
    private const string Main = "public override Tensor Forward(Tokens tokens)";
    private const string Draft = "[Graph(\"draft\")] public virtual Tensor Draft(Tokens tokens, [Rows(\"T, 2*Embd\")] Tensor rows) => "
        + "Output.Of(Narrow.Of(rows) + TokenEmbd.Of(tokens));";
    private const string Narrow = "[Tensor(\"Embd, 2*Embd\")] public partial Linear Narrow { get; }";

    private static readonly string Source = TinyArchitecture.With(Main, $"{Narrow}\n\n    {Draft}\n\n    {Main}");

    /// <summary>A tensor that only a further graph uses is used, and its graph is found by its name.</summary>
    [Fact]
    public void A_graph_is_emitted_beside_that_of_the_forward_pass()
    {
        var run = GeneratorRun.Of(Source).AssertClean();
        Assert.Empty(run.Reported);
        var graph = run.Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
        Assert.Contains("GraphNames { get; } = [\"draft\"];", graph, StringComparison.Ordinal);
        Assert.Contains("private Tensor BuildDraft(GraphScope g, global::ArchGen.Tokens tokens, global::ArchGen.Tensor rows)", graph, StringComparison.Ordinal);
        Assert.Contains("\"draft\" => BuildDraft(g, inputs.Tokens, inputs.Rows(checked(2 * Embd))),", graph, StringComparison.Ordinal);
        Assert.Contains("\"draft\" => Draft(inputs.Tokens, inputs.Rows(checked(2 * Embd))),", graph, StringComparison.Ordinal);
        Assert.Contains("_narrow = tensors.Linear(\"narrow\", ", run.Generated["ArchGen.Tiny.Tiny.Loader.g.cs"], StringComparison.Ordinal);
        var names = run.Generated["ArchGen.Tiny.Tiny.TensorNames.g.cs"];
        Assert.Contains("new(\"tiny.draft\", [],", names, StringComparison.Ordinal);
        Assert.Contains("new(\"rows\", Op.Encoded, \"[T, 2*Embd]\", []),", names, StringComparison.Ordinal);
        Assert.Contains("[\"draft\"] = \"\"\"\n                Draft: tokens, rows\n", names, StringComparison.Ordinal);
    }

    /// <summary>Without it nothing of the forward pass's own graph is another.</summary>
    [Fact]
    public void The_forward_pass_is_the_same_with_and_without_it()
    {
        var with = GeneratorRun.Of(Source).AssertClean().Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
        var without = GeneratorRun.Of(TinyArchitecture.Source).AssertClean().Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
        Assert.Equal(Method(without), Method(with));
        Assert.DoesNotContain("GraphNames", without, StringComparison.Ordinal);

        static string Method(string text)
        {
            var start = text.IndexOf("protected override Tensor BuildForward", StringComparison.Ordinal);
            return text[start..text.IndexOf("\n    }\n", start, StringComparison.Ordinal)];
        }
    }

    /// <summary>A variant has the graphs of its base, with its own methods where it overrides, and may add some.</summary>
    [Fact]
    public void A_variant_inherits_and_overrides_graphs()
    {
        const string variant = """
            namespace ArchGen.Tiny;

            [Architecture("other")]
            public partial class Other : Tiny
            {
                public override Tensor Draft(Tokens tokens, Tensor rows) => Output.Of(OutputNorm.Of(Narrow.Of(rows)));

                [Graph("rows")] public Tensor Rows(Tokens tokens) => OutputNorm.Of(TokenEmbd.Of(tokens));
            }

            [Architecture("third")]
            public partial class Third : Other;
            """;
        var run = GeneratorRun.Of(Source, variant).AssertClean();
        var other = run.Generated["ArchGen.Tiny.Other.Graph.g.cs"];
        Assert.Contains("GraphNames { get; } = [\"draft\", \"rows\"];", other, StringComparison.Ordinal);
        Assert.Contains("inputs.Rows(checked(2 * Embd))", other, StringComparison.Ordinal);
        var body = other[other.IndexOf("private Tensor BuildDraft", StringComparison.Ordinal)..];
        Assert.Contains("OutputNorm.Of(narrow)", body, StringComparison.Ordinal);
        var third = run.Generated["ArchGen.Tiny.Third.Graph.g.cs"];
        Assert.Equal(Flat(other), Flat(third));

        static string Flat(string text) => text[text.IndexOf("partial class", StringComparison.Ordinal)..].Replace("Other", "Third", StringComparison.Ordinal);
    }

    /// <summary>An override has its name from the method that it overrides.</summary>
    [Fact]
    public void An_override_states_no_name_again()
    {
        const string variant = """
            namespace ArchGen.Tiny;

            [Architecture("other")]
            public partial class Other : Tiny
            {
                [Graph("draft")] public override Tensor Draft(Tokens tokens, Tensor rows) => Output.Of(OutputNorm.Of(Narrow.Of(rows)));
            }
            """;
        Assert.Equal("'Draft' overrides the method of a graph, which has its name already; remove [Graph]",
            Assert.Single(GeneratorRun.Of(Source, variant).Diagnostics).GetMessage(null));
    }

    /// <summary>What reads rows that it attends to has them in the dimension of another text.</summary>
    [Fact]
    public void Rows_may_be_attended_to()
    {
        const string graph = "[Graph(\"look\")] public Tensor Look(Tokens tokens, [Rows(\"S, Embd\")] Tensor seen) => TokenEmbd.Of(tokens) "
            + "+ CrossAttention(TokenEmbd.Of(tokens).Heads(Heads), seen.Heads(Heads), seen.Heads(Heads), 1 / Sqrt(HeadDim));";
        var text = GeneratorRun.Of(TinyArchitecture.With(Main, $"{graph}\n\n    {Main}")).AssertClean().Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
        Assert.Contains("BuildLook(g, inputs.Tokens, inputs.EncoderRows(checked(Embd)))", text, StringComparison.Ordinal);
    }

    /// <summary>Blocks that a further graph alone calls may follow those of the model, and a file may lack them.</summary>
    [Fact]
    public void A_list_may_begin_after_another_and_be_optional()
    {
        const string further = "[HyperParameter(\"more\", Default = \"0\")] public partial int More { get; }\n"
            + "    [Blocks(\"blk.{i}\", First = nameof(BlockCount), Count = nameof(More), Optional = true)] public partial BlockList<Last> Lasts { get; }\n"
            + "    public partial class Last : Layer\n    {\n        public Tensor Close(Tensor x) => Forward(x);\n    }\n\n"
            + "    [Graph(\"last\")] public Tensor After(Tokens tokens, Tensor rows) => Output.Of(Lasts[0].Close(rows + TokenEmbd.Of(tokens)));";
        var source = TinyArchitecture.Replace(TinyArchitecture.Source, Main, $"{further}\n\n    {Main}");
        var run = GeneratorRun.Of(source).AssertClean();
        var loader = run.Generated["ArchGen.Tiny.Tiny.Loader.g.cs"];
        Assert.Contains("_lasts = tensors.OptionalBlocks<global::ArchGen.Tiny.Tiny.Last>(this, \"blk.{i}\", More, i => new global::ArchGen.Tiny.Tiny.Last(), "
            + "first: BlockCount);", loader, StringComparison.Ordinal);
        Assert.Contains("_layers = tensors.Blocks<global::ArchGen.Tiny.Tiny.Layer>(this, \"blk.{i}\", BlockCount, i => new global::ArchGen.Tiny.Tiny.Layer());",
            loader, StringComparison.Ordinal);

        // Of two lists that begin at one place, one is too many.
        var twice = GeneratorRun.Of(source.Replace("First = nameof(BlockCount), ", "", StringComparison.Ordinal));
        Assert.Equal("'Layers' and 'Lasts' both have the name 'blk.{i}'", Assert.Single(twice.Diagnostics).GetMessage(null));
    }
}
