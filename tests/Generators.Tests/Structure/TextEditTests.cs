using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Tests.Structure;

/// <summary>
/// Text is the last step: where the model is, and where it becomes C#, no text is taken apart or edited. The parser does so with the texts of attributes,
/// with names, and with the documentation comment that has an architecture's summary.
/// </summary>
public class TextEditTests
{
    private static readonly string[] Folders = ["Model", "Notation", "Emit"];

    private static readonly string[] Edits =
    [
        nameof(string.IndexOf), nameof(string.LastIndexOf), nameof(string.Remove), nameof(string.Replace), nameof(string.Split), nameof(string.Substring),
        nameof(string.Trim), nameof(string.TrimEnd), nameof(string.TrimStart),
    ];

    /// <summary>The files that read the texts of attributes: alternatives, pairs and lists of dimensions.</summary>
    private static readonly string[] OfAttributes =
    [
        "ConfigDefaultsParser.cs", "ConfigSources.cs", "DeclarationParser.Blocks.cs", "DeclarationParser.Tensors.cs", "ExpressionParser.cs",
        "HyperParameterTable.cs",
    ];

    /// <summary>
    /// The files that read the names of symbols: that of an assembly, of an attribute's class, of a method that begins with Build, of a type in full.
    /// </summary>
    private static readonly string[] OfNames =
        ["ArchitectureParser.Classes.cs", "CatalogPlaces.cs", "MisplacedDeclarations.cs", "SourceUnit.cs", "SymbolExtensions.cs"];

    [Fact]
    public void No_text_is_taken_apart() => Assert.Empty(FolderTests.Compilation.SyntaxTrees.Where(t => Folders.Contains(FolderTests.FolderOf(t.FilePath)))
        .SelectMany(EditsIn));

    /// <summary>The parser takes apart what has a notation of its own, and names; code it reads as syntax.</summary>
    [Fact]
    public void The_parser_reads_code_as_syntax() => Assert.Equal(
        OfAttributes.Concat(OfNames).Append("ArchitectureParser.cs").Order(StringComparer.Ordinal),
        FolderTests.Compilation.SyntaxTrees.Where(t => FolderTests.FolderOf(t.FilePath) == "Parsing" && EditsIn(t).Any())
            .Select(t => Path.GetFileName(t.FilePath)).Order(StringComparer.Ordinal));

    private static IEnumerable<string> EditsIn(SyntaxTree tree)
    {
        var semantics = FolderTests.Compilation.GetSemanticModel(tree);
        return from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
               where semantics.GetSymbolInfo(name).Symbol is IMethodSymbol { ContainingType.SpecialType: SpecialType.System_String } method
                   && Edits.Contains(method.Name)
               select $"{Path.GetFileName(tree.FilePath)}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {name}";
    }
}
