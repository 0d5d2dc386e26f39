using ArchGen.Generators.Tests.Diagnostics;

namespace ArchGen.Generators.Tests.Language;

/// <summary>A part: an interface with tensors and hyper-parameters, and functions over it that blocks call with <c>this</c>.</summary>
public class PartTests
{
    private const string Part = """
        namespace ArchGen.Tiny;

        public interface IFeedForward
        {
            [HyperParameter("ffn_scale", Default = "1")] float FfnScale { get; }
            [HyperParameter("ffn_wide", Default = "0")] int Wide { get; }
            [Tensor("Width, Embd")] Linear FfnUp { get; }
            [Tensor("Width, Embd")] Linear? FfnGate { get; }
            [Tensor("Embd, Width")] Linear FfnDown { get; }

            int Ff { get; }
            int Heads { get; }
            bool IsGated { get; }
            int Width => Ff + Wide;
        }

        internal abstract class FeedForward : OpVocabulary
        {
            public static Tensor Of(IFeedForward part, Tensor h) => Of(part, h, Silu);

            public static Tensor Of(IFeedForward part, Tensor h, Func<Tensor, Tensor> activation)
            {
                var up = part.FfnUp.Of(h);
                if (part.FfnGate is not null && part.IsGated) up = activation(part.FfnGate.Of(h)) * up;
                return part.FfnDown.Of(activation(up) * part.FfnScale);
            }
        }

        """;

    private const string Own = """
                [Tensor("Ff, Embd")] public partial Linear FfnUp { get; }
                [Tensor("Ff, Embd")] public partial Linear? FfnGate { get; }
                [Tensor("Embd, Ff")] public partial Linear FfnDown { get; }

        """;

    private const string OwnFunction = """

                private Tensor FeedForward(Tensor h)
                {
                    var up = FfnUp.Of(h);
                    if (FfnGate is not null && IsGated) up = Silu(FfnGate.Of(h)) * up;
                    return FfnDown.Of(Silu(up));
                }

        """;

    private static readonly string Source = TinyArchitecture.Replace(TinyArchitecture.Replace(TinyArchitecture.Replace(
        TinyArchitecture.With(Own, ""), OwnFunction, ""), "Layer : Block", "Layer : Block, IFeedForward"), "return x + FeedForward(x)",
        "return x + FeedForward.Of(this, x)");

    [Fact]
    public void Its_functions_are_read_in_the_place_of_their_calls()
    {
        var run = Run(Source, Part).AssertClean();
        var graph = Text(run, "Graph");
        Assert.Contains("ffn_gate (silu)", graph, StringComparison.Ordinal);
        Assert.Contains("FfnScale", graph, StringComparison.Ordinal);
        Assert.Contains("tensors.Linear(\"ffn_up\", [Width, Embd])", Text(run, "Loader"), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_hyper_parameters_are_the_models_once()
    {
        const string more = "public partial class Layer : Block, IFeedForward";
        var two = TinyArchitecture.Replace(Source, more, "[When(nameof(IsFirst))] public partial class First : Layer;\n\n    " + more);
        two = TinyArchitecture.Replace(two, "[HyperParameter(\"gated\"",
            "public bool IsFirst(int i) => i == 0 && FfnScale > 0;\n\n    [HyperParameter(\"gated\"");
        var run = Run(two, Part).AssertClean();
        Assert.Equal(2, Text(run, "Members").Split("public float FfnScale => _ffnScale;").Length);
        Assert.Equal(2, Text(run, "Members").Split("float global::ArchGen.Tiny.IFeedForward.FfnScale => FfnScale;").Length);
        Assert.Equal(2, Text(run, "HyperParameters").Split("_ffnScale = file.FindSingle(\"ffn_scale\") ?? 1").Length);
    }

    /// <summary>A tensor of the model that a part asks for is the model's own, and one that the model lacks is missed by the compiler.</summary>
    [Fact]
    public void A_tensor_of_the_model_may_be_asked_for()
    {
        var part = TinyArchitecture.Replace(Part, "int Heads { get; }", "int Heads { get; }\n    RmsNorm OutputNorm { get; }");
        part = TinyArchitecture.Replace(part, "var up = part.FfnUp.Of(h)", "var up = part.FfnUp.Of(part.OutputNorm.Of(h))");
        var run = Run(Source, part).AssertClean();
        Assert.Contains("RmsNorm global::ArchGen.Tiny.IFeedForward.OutputNorm => OutputNorm;", Text(run, "Members"), StringComparison.Ordinal);
        Assert.Contains("FfnUp.Of(OutputNorm.Of(", Text(run, "Graph"), StringComparison.Ordinal);
        Assert.Equal("CS0535", Assert.Single(Run(Source, part.Replace("OutputNorm", "NoNorm", StringComparison.Ordinal)).Reported).Id);
    }

    [Fact]
    public void A_lambda_is_read_where_it_runs()
    {
        var own = Run(Source, Part).AssertClean();
        var lambda = Run(TinyArchitecture.Replace(Source, "FeedForward.Of(this, x)", "FeedForward.Of(this, x, up => Silu(up))"), Part).AssertClean();
        Assert.Equal(Text(own, "Graph"), Text(lambda, "Graph"));
    }

    [Theory]
    [InlineData(": Block, IFeedForward", ": Block", "CS1503")]
    [InlineData("IsGated { get; }", "IsGatedd { get; }", "CS0535")]
    [InlineData("FeedForward.Of(this, x)", "FeedForward.Of(this, OutputNorm)", "CS1503")]
    [InlineData("FeedForward.Of(this, x)", "AttnOutput.Of(x)", "ARCH0007")]
    public void A_mistake_is_one_message(string right, string wrong, string id)
    {
        var run = Run(TinyArchitecture.Replace(Source, right, wrong), Part);
        var found = run.Reported;
        Assert.True(found.Count == 1 && found[0].Id == id, string.Join("\n", found));
    }

    /// <summary>A tensor that is there only under a condition need not be nullable: a part that uses it elsewhere is reported where it is called.</summary>
    [Fact]
    public void A_part_uses_a_tensor_where_its_condition_holds()
    {
        var part = Part.Replace("[Tensor(\"Width, Embd\")] Linear? FfnGate", "[Tensor(\"Width, Embd\", RequiredIf = nameof(IsGated))] Linear FfnGate")
            .Replace("part.FfnGate is not null && part.IsGated", "part.IsGated");
        var run = Run(Source, part).AssertClean();
        Assert.Contains("IsGated ? tensors.Linear(\"ffn_gate\", [Width, Embd])", Text(run, "Loader"), StringComparison.Ordinal);
        Run(Source, part.Replace("if (part.IsGated) ", "")).AssertOne("ARCH0033", "Tiny.cs", "FeedForward.Of(this, x)",
            "A file may lack 'FfnGate', and nothing on the way here asks for it; write if (FfnGate is not null), or if (IsGated)");
    }

    /// <summary>What one part asks for is not what another happens to call so; one that inherits the other's means it.</summary>
    [Theory]
    [InlineData("[HyperParameter(\"other_scale\")] float FfnScale { get; }", "'FfnScale' is 'other_scale' in IOther, but 'ffn_scale' in IFeedForward")]
    [InlineData("[Tensor(\"Embd, Embd\")] Linear FfnUp { get; }", "'FfnUp' is 'Embd, Embd' in IOther, but 'Width, Embd' in IFeedForward")]
    [InlineData("int Wide { get; }", "'Wide' is 'ffn_wide' in IFeedForward, but not declared in IOther")]
    public void Parts_that_mean_different_things_are_reported_once(string member, string message)
    {
        var other = Part + $"\npublic interface IOther\n{{\n    {member}\n}}\n";
        var both = TinyArchitecture.Replace(Source, "Block, IFeedForward", "Block, IFeedForward, IOther");
        Run(both, other).AssertOne("ARCH0047", "Tiny.cs", "IOther", message + "; rename it in one of them");
        Run(both, Part + "\npublic interface IOther : IFeedForward;\n").AssertClean();
    }

    /// <summary>A name in a part takes precedence over the scheme of a base, and the architecture's own scheme over the part.</summary>
    [Theory]
    [InlineData("", "mlp.gate_up")]
    [InlineData(", Names(typeof(OwnNames))", "own")]
    public void The_name_that_a_part_declares_goes_before_the_scheme_of_a_base(string own, string name)
    {
        const string up = "[Tensor(\"Width, Embd\"", ofLinear = ")] Linear FfnUp";
        var named = TinyArchitecture.Replace(Part, up + ofLinear, up + ", Hf = \"mlp.gate_up\"" + ofLinear) + """

            internal static class BaseNames
            {
                public const string Layers = "layers.{i}";
                public const string FfnUp = "up";
                public const string FfnDown = "down";
            }

            internal static class OwnNames
            {
                public const string FfnUp = "own";
            }

            [Architecture("named"), Names(typeof(BaseNames))]
            public abstract partial class Named : DecoderModel;
            """;
        var derived = TinyArchitecture.Replace(Source, "class Tiny : DecoderModel", "class Tiny : Named");
        var source = TinyArchitecture.Replace(derived, "Rope = RopeKind.Interleaved)", $"Rope = RopeKind.Interleaved){own}");
        var names = Text(Run(source, named).AssertClean(), "TensorNames");
        Assert.Contains($"new(\"blk.{{i}}.ffn_up.weight\", [\"layers.{{i}}.{name}.weight\"]", names, StringComparison.Ordinal);
        Assert.Contains("new(\"blk.{i}.ffn_down.weight\", [\"layers.{i}.down.weight\"]", names, StringComparison.Ordinal);
    }

    private static GeneratorRun Run(string source, string part) => GeneratorRun.Of([new SourceFile("Tiny.cs", source), new SourceFile("Part.cs", part)]);

    private static string Text(GeneratorRun run, string artefact) => run.Generated[$"ArchGen.Tiny.Tiny.{artefact}.g.cs"];
}
