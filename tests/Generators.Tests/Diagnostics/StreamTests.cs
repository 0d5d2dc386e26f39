namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>Blocks that keep their residual stream in other ways than the usual one, and blocks that lose it in one of several.</summary>
public class StreamTests
{
    private const string Attend = "AttnOutput.Of(Attention(Rope(q.Heads(Heads)), Rope(k.Heads(Heads)), v.Heads(Heads), 1 / Sqrt(HeadDim)))";
    private const string Second = "return x + FeedForward(x);";
    private const string Loop = "foreach (var layer in Layers) x = layer.Forward(x);";

    /// <summary>Post-norm, scaled, parallel, chosen by a flag, and added by the loop.</summary>
    [Theory]
    [InlineData("x += " + Attend + ";", "x = AttnNorm.Of(x + " + Attend + ");")]
    [InlineData("x += " + Attend + ";", "x = AttnNorm.Of(" + Attend + " + x);")]
    [InlineData("x += " + Attend + ";", "x = x * 2f + " + Attend + " * 0.5f;")]
    [InlineData("x += " + Attend + ";", "var attended = " + Attend + ";\n            x = IsGated ? x + attended : AttnNorm.Of(x) + attended;")]
    [InlineData(Second, "var fed = FeedForward(x);\n            return IsGated ? x + fed * 0.5f : x + fed;")]
    [InlineData(Second, "return Clamp(x + FeedForward(x), -1f, 1f);")]
    public void The_stream_is_kept(string text, string replacement) => GeneratorRun.Of(TinyArchitecture.With(text, replacement)).AssertClean();

    [Theory]
    [InlineData("x += layer.Forward(x)")]
    [InlineData("x = layer.Forward(x) + x")]
    [InlineData("x = OutputNorm.Of(x + layer.Forward(x) * 0.5f)")]
    public void The_loop_may_add_the_blocks_result(string body) =>
        GeneratorRun.Of(TinyArchitecture.Replace(TinyArchitecture.With(Second, "return FeedForward(x);"), Loop, $"foreach (var layer in Layers) {body};"))
            .AssertClean();

    /// <summary>One way of two is enough to lose it.</summary>
    [Theory]
    [InlineData("x += " + Attend + ";", "if (IsGated) x += " + Attend + ";\n            else x = " + Attend + ";")]
    [InlineData(Second, "return IsGated ? x + FeedForward(x) : FeedForward(x);")]
    [InlineData(Second, "return x * FeedForward(x);")]
    [InlineData(Loop, "var first = x;\n        foreach (var layer in Layers) x = first + layer.Forward(first);")]
    public void The_stream_is_lost(string text, string replacement) =>
        Assert.Equal(["ARCH0034"], GeneratorRun.Of(TinyArchitecture.With(text, replacement)).Diagnostics.Select(d => d.Id));

    /// <summary>A warning that is meant can be silenced where it stands.</summary>
    [Fact]
    public void A_pragma_silences_it()
    {
        var source = TinyArchitecture.With(
            Second, "\n#pragma warning disable ARCH0034 // a block without a stream\n            return FeedForward(x);\n#pragma warning restore ARCH0034");
        var run = GeneratorRun.Of(source);
        Assert.Empty(run.Reported);
        Assert.Equal(["ARCH0034"], GeneratorRun.Of(source.Replace("#pragma", "// ")).Reported.Select(d => d.Id));
    }

    /// <summary>A tensor that a file may lack, asked for in each way that there is.</summary>
    [Theory]
    [InlineData("if (FfnGate is not null) up = Silu(FfnGate.Of(h)) * up;")]
    [InlineData("if (FfnGate != null) up = Silu(FfnGate.Of(h)) * up;")]
    [InlineData("if (HasGate) up = Silu(FfnGate!.Of(h)) * up;")]
    [InlineData("if (!LacksGate && IsGated) up = Silu(FfnGate!.Of(h)) * up;")]
    [InlineData("if (FfnGate is null || !IsGated) return FfnDown.Of(up);\n            up = Silu(FfnGate.Of(h)) * up;")]
    [InlineData("up = FfnGate?.Of(h) ?? up;")]
    [InlineData("up = LacksGate ? up : Gated(h) * up;")]
    public void An_optional_tensor_is_asked_for(string body) => GeneratorRun.Of(Optional(body)).AssertClean();

    [Theory]
    [InlineData("if (IsGated) up = Silu(FfnGate!.Of(h)) * up;")]
    [InlineData("if (LacksGate) up = Silu(FfnGate!.Of(h)) * up;")]
    [InlineData("if (HasGate || IsGated) up = Silu(FfnGate!.Of(h)) * up;")]
    [InlineData("up = HasGate ? up : Gated(h) * up;")]
    public void An_optional_tensor_is_not_asked_for(string body) => Assert.Equal(["ARCH0033"], GeneratorRun.Of(Optional(body)).Diagnostics.Select(d => d.Id));

    /// <summary>RequiredIf vouches for a tensor, whether its type is nullable or not, and the compiler's own warning of it is left out.</summary>
    [Theory]
    [InlineData("if (IsGated) up = Silu(FfnGate.Of(h)) * up;", new string[0])]
    [InlineData("if (!IsGated) up = Silu(FfnGate.Of(h)) * up;", new[] { "ARCH0033" })]
    [InlineData("up = Silu(FfnGate.Of(h)) * up;", new[] { "ARCH0033" })]
    public void Required_if_vouches(string body, string[] ids)
    {
        foreach (var type in new[] { "Linear?", "Linear" })
        {
            var run = GeneratorRun.Of(
                Optional(body).Replace("[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate",
                $"[Tensor(\"Ff, Embd\", RequiredIf = nameof(IsGated))] public partial {type} FfnGate"));
            Assert.Equal(ids, run.Diagnostics.Select(d => d.Id));
            Assert.Equal([], run.Reported.Where(d => d.Id.StartsWith("CS", StringComparison.Ordinal)).Select(d => d.ToString()));
        }
    }

    /// <summary>One of two tensors is there, and the one that replaces the other is used only in its absence.</summary>
    [Theory]
    [InlineData("up = up * (FfnGate is null ? Instead.Of(h) : FfnGate.Of(h));", new string[0])]
    [InlineData("up = FfnGate is null ? up : up * Instead.Of(h);", new[] { "ARCH0033" })]
    [InlineData("up = up * (FfnGate?.Of(h) ?? Instead.Of(h));", new string[0])]
    public void Instead_of_vouches(string body, string[] ids)
    {
        var run = GeneratorRun.Of(Optional(body).Replace("public partial Linear? FfnGate { get; }",
            "public partial Linear? FfnGate { get; }\n        [Tensor(\"Ff, Embd\", InsteadOf = nameof(FfnGate))] public partial Linear Instead { get; }"));
        Assert.Equal(ids, run.Diagnostics.Select(d => d.Id));
        Assert.Equal([], run.Reported.Where(d => d.Id.StartsWith("CS", StringComparison.Ordinal)).Select(d => d.ToString()));
    }

    /// <summary>An optional tensor that goes to a block is asked for where it is passed, or, if the parameter may be null, where it is used.</summary>
    [Theory]
    [InlineData("Linear? gate", "if (gate is not null) up = Silu(gate.Of(h)) * up;", "layer.Forward(x, Shared)", 0)]
    [InlineData("Linear gate", "up = Silu(gate.Of(h)) * up;", "Shared is null ? x : layer.Forward(x, Shared)", 0)]
    [InlineData("Linear? gate", "up = Silu(gate.Of(h)) * up;", "layer.Forward(x, Shared)", 1)]
    [InlineData("Linear? gate", "up = Silu(gate!.Of(h)) * up;", "layer.Forward(x, Shared)", 1)]
    [InlineData("Linear gate", "up = Silu(gate.Of(h)) * up;", "layer.Forward(x, Shared)", 1)]
    [InlineData("Linear gate", "up = Silu(gate.Of(h)) * up;", "layer.Forward(x, Shared!)", 1)]
    [InlineData("Linear gate", "up = Silu(gate.Of(h)) * up;", "layer.Forward(x, Layers[0].First)", 0)]
    [InlineData("Linear gate", "up = Silu(gate.Of(h)) * up;", "layer.Forward(x, Layers[1].First)", 1)]
    public void An_optional_tensor_goes_to_a_block(string parameter, string use, string call, int mistakes)
    {
        var source = TinyArchitecture.With(
            "[Tensor(\"Ff, Embd\")] public partial Linear? FfnGate { get; }",
            call.Contains("First", StringComparison.Ordinal)
                ? "[Tensor(\"Ff, Embd\", RequiredIf = nameof(IsFirst))] public partial Linear? First { get; }\n        public bool IsFirst => Index == 0;"
                : "");
        source = TinyArchitecture.Replace(source, "public Tensor Forward(Tensor x)", $"public Tensor Forward(Tensor x, {parameter})");
        source = TinyArchitecture.Replace(source, "x + FeedForward(x)", "x + FeedForward(x, gate)");
        source = TinyArchitecture.Replace(source, "FeedForward(Tensor h)", $"FeedForward(Tensor h, {parameter})");
        source = TinyArchitecture.Replace(source, "if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;",
            $"if (IsGated) up = Relu(up);\n            {use}");
        source = TinyArchitecture.Replace(source, "layer.Forward(x)", call);
        if (call.Contains("Shared", StringComparison.Ordinal))
        {
            source = TinyArchitecture.Replace(source, "[Tensor(\"Embd\")] public partial RmsNorm OutputNorm",
                "[Tensor(\"Ff, Embd\")] public partial Linear? Shared { get; }\n    [Tensor(\"Embd\")] public partial RmsNorm OutputNorm");
        }

        var run = GeneratorRun.Of(source);
        Assert.Equal(Enumerable.Repeat("ARCH0033", mistakes), run.Diagnostics.Select(d => d.Id));
        Assert.Equal([], run.Reported.Where(d => d.Id.StartsWith("CS", StringComparison.Ordinal)).Select(d => d.ToString()));
    }

    /// <summary>The compiler's warnings about hidden members give way to the generator's; others stay.</summary>
    [Fact]
    public void One_report_of_a_hidden_member()
    {
        var run = GeneratorRun.Of(TinyArchitecture.With("public override Tensor Forward(Tokens tokens)", "public Tensor Forward(Tokens tokens)"));
        Assert.Equal(["ARCH0031: 'Forward' has the name of Model.Forward, but does not override it: write override to replace it, or new to keep both"],
            run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
        Assert.Equal([], run.Reported.Where(d => d.Id.StartsWith("CS", StringComparison.Ordinal)).Select(d => d.Id));
        var other = GeneratorRun.Of(TinyArchitecture.Source, "public class A { public int Width => 1; }\n\npublic class B : A { public int Width => 2; }\n");
        Assert.Equal(["CS0108"], other.Reported.Select(d => d.Id));
    }

    private static string Optional(string body) => TinyArchitecture.Replace(
        TinyArchitecture.With("if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;", body + "\n            if (IsGated) up = Relu(up);"),
        "private Tensor FeedForward",
        "public bool HasGate => FfnGate is not null;\n\n        public bool LacksGate => FfnGate is null;\n\n"
        + (body.Contains("Gated(h)", StringComparison.Ordinal) ? "        private Tensor Gated(Tensor h) => Silu(FfnGate!.Of(h));\n\n" : "")
            + "        private Tensor FeedForward");
}
