using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Libraries;

/// <summary>A library that is written in another version of the language than the generator reads is one message.</summary>
public class LanguageVersionTests
{
    private const string Mine = """
        using ArchGen;
        using ArchGen.Architectures;

        namespace Mine;

        [Architecture("mine", Rope = RopeKind.HalfSplit)]
        public partial class Mine : Qwen3;

        [Architecture("second", Rope = RopeKind.HalfSplit)]
        public partial class Second : Decoder
        {
            public partial class Layer : PreNormLayer, IQkNorm, IGatedFeedForward
            {
                protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => Rope(x), 1 / Sqrt(HeadDim));
                protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
            }
        }
        """;

    [Theory]
    [InlineData(2, "update ArchGen here, or refer to an older ArchGen.Architectures")]
    [InlineData(0, "refer to a version of ArchGen.Architectures that was built with a newer ArchGen, or to an older ArchGen here")]
    public void It_is_one_message(int language, string remedy)
    {
        var library = DeclaredArchitectures.Run.ToReference(text => TinyArchitecture.Replace(text, "(\n    1, ", $"(\n    {language}, "));
        var run = GeneratorRun.Of([new SourceFile("Mine.cs", Mine)], "Mine", library);
        Assert.Equal(["ARCH0048: ArchGen.Architectures is written in version " + language + " of the language of architectures, and this project's generator "
            + "reads version 1; " + remedy], run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
        var span = run.Diagnostics[0].Location.SourceSpan;
        // The first by the length of its chain.
        Assert.Equal("Decoder", Mine.Substring(span.Start, span.Length));
        Assert.Equal([], run.CompilerErrors);
    }

    [Fact]
    public void A_part_alone()
    {
        const string Part = """
            using ArchGen;
            using ArchGen.Architectures;

            namespace Mine;

            [Architecture("mine", Rope = RopeKind.HalfSplit)]
            public partial class Mine : DecoderModel
            {
                [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
                [Tensor("Vocab, Embd")] public partial Linear Output { get; }

                public override Tensor Forward(Tokens tokens) => Softcap.Of(Output.Of(TokenEmbd.Of(tokens)), 30);
            }
            """;
        GeneratorRun.Of([new SourceFile("Mine.cs", Part)], "Mine", LibraryVariantTests.BuiltIn).AssertClean();
        var library = DeclaredArchitectures.Run.ToReference(text => TinyArchitecture.Replace(text, "(\n    1, ", "(\n    2, "));
        var run = GeneratorRun.Of([new SourceFile("Mine.cs", Part)], "Mine", library);
        Assert.Equal(["ARCH0048"], run.Diagnostics.Select(d => d.Id));
        Assert.Equal([], run.CompilerErrors);
        Assert.Equal(["ARCH0017"],
            GeneratorRun.Of([new SourceFile("Mine.cs", Part)], "Mine", DeclaredArchitectures.Run.ToReference(_ => "")).Diagnostics.Select(d => d.Id));
    }
}
