namespace ArchGen.Generators.Tests.Language;

/// <summary>Rotary embeddings as values: what is stated of them, chosen between, inherited and passed to parts.</summary>
public class RotaryTests
{
    private const string Query = "Rope(q.Heads(Heads))";
    private const string Key = "Rope(k.Heads(Heads))";
    private const string Members = "public Tensor Forward(Tensor x)";

    /// <summary>What is stated is an argument of the operation; what is not is the model's.</summary>
    [Theory]
    [InlineData("Rotary", "")]
    [InlineData("Rotary with { Dims = HeadDim / 2 }", ", dims: HeadDim / 2")]
    [InlineData("Rotary with { Dims = Rotary.Dims / 2, FreqBase = 5000 }", ", freqBase: 5000f, dims: RopeDims / 2")]
    [InlineData("Rotary with { Kind = IsGated ? RopeKind.HalfSplit : RopeKind.Interleaved }", ", kind: (IsGated ? RopeKind.HalfSplit : RopeKind.Interleaved)")]
    [InlineData("Rotary with { IsScaled = !IsGated, IsTruncated = true, IsInverse = false }", ", scaled: !IsGated")]
    [InlineData("Rotary with { IsInverse = true }", ", inverse: true")]
    [InlineData("Rotary with { FreqBase = 5000 } with { FreqBase = 500 }", ", freqBase: 500f")]
    [InlineData("IsGated ? Rotary : Rotary", "")]
    [InlineData("IsGated ? Rotary with { FreqBase = 500, IsScaled = false } : Rotary", ", freqBase: (IsGated ? 500f : RopeFreqBase), scaled: !IsGated")]
    [InlineData("(IsGated ? Rotary with { FreqBase = 500 } : Rotary) with { FreqBase = 50 }", ", freqBase: 50f")]
    public void A_value_becomes_an_operation(string rotary, string arguments)
    {
        var graph = GraphOf(TinyArchitecture.With(Query, $"({rotary}).Of(q.Heads(Heads))"));
        Assert.Contains($"Rope(attn_qkv_heads{arguments}))", graph, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IsGated ? Rotary : RotaryEmbedding.None")]
    [InlineData("IsGated ? Rotary with { Kind = RopeKind.HalfSplit } : Rotary")]
    public void What_is_not_a_number_is_chosen_by_a_branch(string rotary)
    {
        var graph = GraphOf(TinyArchitecture.With(Query, $"({rotary}).Of(q.Heads(Heads))"));
        Assert.Contains("if (IsGated)", graph, StringComparison.Ordinal);
        Assert.Equal(rotary.Contains("None", StringComparison.Ordinal) ? 2 : 3, graph.Split(", Rope(attn_qkv_heads").Length - 1);
    }

    /// <summary>A layer may restate its own, compute one in a property or a method, keep it in a local, and pass it to what takes a function.</summary>
    [Theory]
    [InlineData("protected override RotaryEmbedding Rotary => base.Rotary with { FreqBase = 500 };", "Rotary.Of(q.Heads(Heads))")]
    [InlineData("private RotaryEmbedding Slow => Rotary with { FreqBase = 500 };", "Slow.Of(q.Heads(Heads))")]
    [InlineData("private RotaryEmbedding Slow => Rotary with { FreqBase = 500 };", "Applied(q.Heads(Heads), Slow)")]
    [InlineData("private RotaryEmbedding Slow => Rotary with { FreqBase = 500 };", "Applied(q.Heads(Heads), Slow.Of)")]
    [InlineData("private static RotaryEmbedding Slow(RotaryEmbedding other) => other with { FreqBase = 500 };", "Slow(Rotary).Of(q.Heads(Heads))")]
    public void A_layer_states_its_own(string member, string query)
    {
        const string Applied = "private static Tensor Applied(Tensor x, Func<Tensor, Tensor> position) => position(x);\n\n        ";
        var source = TinyArchitecture.Replace(TinyArchitecture.With(Members, $"{member}\n\n        {Applied}{Members}"), Query, query);
        source = TinyArchitecture.Replace(source, Key, "Rotary.Of(k.Heads(Heads))");
        Assert.Contains("Rope(attn_qkv_heads, freqBase: 500f))", GraphOf(source), StringComparison.Ordinal);
    }

    /// <summary>The divisors of frequencies: one set, or two by the length of the run.</summary>
    [Theory]
    [InlineData("Factors = Divisors", "Divisors")]
    [InlineData("LongFactors = Long, ShortFactors = Short", "(g.SequenceLength > RopeScaling.OriginalContext ? Long : Short)")]
    [InlineData("LongFactors = Long, ShortFactors = Short, OriginalContext = 64", "(g.SequenceLength > 64 ? Long : Short)")]
    [InlineData("Factors = Divisors, LongFactors = Long, ShortFactors = Short",
        "(Divisors ?? (g.SequenceLength > RopeScaling.OriginalContext ? Long : Short))")]
    public void It_has_divisors(string stated, string factors)
    {
        var declared = string.Concat(new[] { "Divisors", "Long", "Short" }.Where(n => stated.Contains("= " + n, StringComparison.Ordinal))
            .Select(n => $"[Tensor(\"RopeDims/2\", Name = \"{n}\")] public partial Weight? {n} {{ get; }}\n        "));
        var source = TinyArchitecture.Replace(TinyArchitecture.With(Members, declared + Members), Query, $"(Rotary with {{ {stated} }}).Of(q.Heads(Heads))");
        Assert.Contains($"Rope(attn_qkv_heads, factors: {factors}))", GraphOf(source), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_architecture_has_no_rotation_it_is_none()
    {
        var source = TinyArchitecture.Replace(TinyArchitecture.With(", Rope = RopeKind.Interleaved", ", Rope = RopeKind.None"), Query,
            "Rotary.Of(q.Heads(Heads))");
        Assert.DoesNotContain("Rope(", GraphOf(source), StringComparison.Ordinal);
    }

    /// <summary>The kind is asked for where the value is named, once.</summary>
    [Fact]
    public void Its_kind_must_be_stated()
    {
        var source = TinyArchitecture.Replace(TinyArchitecture.Replace(TinyArchitecture.With(", Rope = RopeKind.Interleaved", ""), Query,
            "Rotary.Of(q.Heads(Heads))"), Key, "Rotary.Of(k.Heads(Heads))");
        Assert.Equal(["ARCH0009"], GeneratorRun.Of(source).Diagnostics.Select(d => d.Id));
        GeneratorRun.Of(source.Replace("Rotary.Of", "(Rotary with { Kind = RopeKind.HalfSplit }).Of", StringComparison.Ordinal)).AssertClean();
    }

    /// <summary>What a base keeps to itself is the base's, though a variant has something of its name.</summary>
    [Fact]
    public void A_private_one_of_a_base_stays_the_bases()
    {
        var tiny = TinyArchitecture.Replace(
            TinyArchitecture.With(Members, $"private RotaryEmbedding Slow => Rotary with {{ FreqBase = 500 }};\n\n        {Members}"), Query,
            "Slow.Of(q.Heads(Heads))");
        const string Variant = """

            [Architecture("variant")]
            public partial class Variant : Tiny
            {
                public new partial class Layer : Tiny.Layer
                {
                    private RotaryEmbedding Slow => RotaryEmbedding.None;

                    protected override RotaryEmbedding Rotary => base.Rotary with { Dims = HeadDim / 2 };
                }
            }
            """;
        var run = GeneratorRun.Of(TinyArchitecture.Replace(tiny, Key, "Rotary.Of(k.Heads(Heads))") + Variant);
        var graph = run.Generated["ArchGen.Tiny.Variant.Graph.g.cs"];
        Assert.Contains(", Rope(attn_qkv_heads, freqBase: 500f, dims: HeadDim / 2))", graph, StringComparison.Ordinal);
        Assert.Contains(", Rope(attn_qkv_heads_2, dims: HeadDim / 2))", graph, StringComparison.Ordinal);
    }

    private static string GraphOf(string source) => GeneratorRun.Of(source).AssertClean().Generated["ArchGen.Tiny.Tiny.Graph.g.cs"];
}
