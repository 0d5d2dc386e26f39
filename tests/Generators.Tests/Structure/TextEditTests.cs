using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Tests.Structure;

/// <summary>Text is the last step: where the model is, and where it becomes C#, no text is taken apart or edited.</summary>
public class TextEditTests
{
    private static readonly string[] Folders = ["Model", "Notation", "Emit"];

    private static readonly string[] Edits =
    [
        nameof(string.IndexOf), nameof(string.LastIndexOf), nameof(string.Remove), nameof(string.Replace), nameof(string.Split), nameof(string.Substring),
        nameof(string.Trim), nameof(string.TrimEnd), nameof(string.TrimStart),
    ];

    [Fact]
    public void NoTextIsTakenApart() => Assert.Empty(FolderTests.Compilation.SyntaxTrees.Where(t => Folders.Contains(FolderTests.FolderOf(t.FilePath)))
        .SelectMany(EditsIn));

    /// <summary>The rule is not blind: the parser does read texts of attributes.</summary>
    [Fact]
    public void ThoseOfTheParserAreFound() => Assert.NotEmpty(
        FolderTests.Compilation.SyntaxTrees.Where(t => Path.GetFileName(t.FilePath) == "ExpressionParser.cs").SelectMany(EditsIn));

    private static IEnumerable<string> EditsIn(SyntaxTree tree)
    {
        var semantics = FolderTests.Compilation.GetSemanticModel(tree);
        return from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
               where semantics.GetSymbolInfo(name).Symbol is IMethodSymbol { ContainingType.SpecialType: SpecialType.System_String } method
                   && Edits.Contains(method.Name)
               select $"{Path.GetFileName(tree.FilePath)}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {name}";
    }
}
