using ArchGen.Generators.Libraries;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Tests.Libraries;

/// <summary>The text of a file that a library carries: how it is written, and that no damage to it lets the generator fail.</summary>
public class CarriedTextTests
{
    private const int Places = 20;

    private const string Part = "namespace ArchGen.Tiny;\n\n/// <summary>2x.</summary>\npublic abstract class Twice : OpVocabulary\n{\n"
        + "    public static Tensor Of(Tensor x) => x * 2;\n}\n";

    private const string Mine = "namespace ArchGen.Far;\n\n[Architecture(\"far\")]\npublic partial class Far : ArchGen.Tiny.Tiny\n{\n"
        + "    public override Tensor Forward(Tokens tokens) => ArchGen.Tiny.Twice.Of(base.Forward(tokens));\n}\n";

    private static readonly GeneratorRun Library = GeneratorRun.Of(
        [new SourceFile("Tiny.cs", TinyArchitecture.Source), new SourceFile("Twice.cs", Part)], "Bases").AssertClean();

    [Theory]
    [InlineData("// A file.\nclass C; // c\n", " \nusing System;class C;")]
    [InlineData("using A; global using B;\nclass C;", "using System;using A;  using B;\nclass C;")]
    [InlineData("extern alias Far;\nusing Far::A;\nclass C;", "extern alias Far;\nusing System;using Far::A;\nclass C;")]
    [InlineData("extern alias Far;\nextern alias Near;", "extern alias Far;\nextern alias Near;using System;")]
    public void Global_usings_stand_where_usings_can(string text, string bare) =>
        Assert.Equal(bare, BareText.Of((CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text).GetRoot(), "using System;"));

    /// <summary>Each file of the library is cut at twenty places, as it is carried and as it was before it was packed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_truncated_file_of_a_library_never_throws(bool isPacked)
    {
        GeneratorRun.Of([new SourceFile("Far.cs", Mine)], "Mine", Library.ToReference()).AssertClean();
        var reported = 0;
        for (var i = 0; i < Places; i++)
        {
            var run = GeneratorRun.Of([new SourceFile("Far.cs", Mine)], "Mine", Library.ToReference(text => Cut(text, i, isPacked)));
            Assert.Null(run.Result.Exception);
            Assert.Empty(run.ErrorsInGeneratedCode);
            reported += run.Diagnostics.Count > 0 ? 1 : 0;
        }

        // What is cut off last may be braces, or the types after those that are used.
        Assert.InRange(reported, Places / 2, Places);
    }

    /// <summary>A project's own file is cut at twenty places, beside the whole library.</summary>
    [Fact]
    public void A_truncated_variant_never_throws()
    {
        var library = Library.ToReference();
        for (var i = 0; i < Places; i++)
            Assert.Null(GeneratorRun.Of([new SourceFile("Far.cs", Mine[..(Mine.Length * i / Places)])], "Mine", library).Result.Exception);
    }

    /// <summary>A generated file with the packed text, the last in quotes, cut.</summary>
    private static string Cut(string generated, int i, bool isPacked)
    {
        var end = generated.LastIndexOf('"');
        var start = generated.LastIndexOf('"', end - 1) + 1;
        var packed = generated[start..end];
        var text = PackedText.Unpack(packed)!;
        var cut = isPacked ? packed[..(packed.Length * i / Places)] : PackedText.Pack(text[..(text.Length * i / Places)]);
        return generated[..start] + cut + generated[end..];
    }
}
