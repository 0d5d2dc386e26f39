using ArchGen.Generators.Tests.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Tests.Structure;

/// <summary>References between the generator's folders go one way: the compiler, then Parsing, then Model; and from Model to Emit.</summary>
public class FolderTests
{
    private const string Root = "ArchGen.Generators", Roslyn = "Microsoft.CodeAnalysis";

    private static readonly string Sources = Path.Combine(DocumentationTests.Root, "src", "Generators");

    /// <summary>What each folder may name beside itself and .NET; the files beside the folders may name all.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Model"] = [],
        ["Notation"] = ["Model"],
        ["Emit"] = ["Model", "Notation"],
        ["Diagnostics"] = ["Model", Roslyn],
        ["Parsing"] = ["Model", "Notation", "Diagnostics", Roslyn],
        ["Libraries"] = ["Model", "Parsing", Roslyn],
    };

    /// <summary>The generator's sources, compiled.</summary>
    internal static readonly CSharpCompilation Compilation = Compile();

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Fact]
    public void Every_folder_has_its_rule() => Assert.Equal(
        Allowed.Keys.Order(StringComparer.Ordinal),
        Directory.GetDirectories(Sources).Select(d => Path.GetFileName(d)).Except(["bin", "obj"]).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_names_only_what_is_below_it(string folder)
    {
        var trees = Compilation.SyntaxTrees.Where(t => FolderOf(t.FilePath) == folder).ToList();
        Assert.NotEmpty(trees);
        Assert.Empty(trees.SelectMany(ForeignNames).Distinct());
    }

    /// <summary>The rule is not blind: the parser does name the compiler and the model.</summary>
    [Fact]
    public void The_names_of_the_parser_are_found()
    {
        var names = Compilation.SyntaxTrees.Where(t => FolderOf(t.FilePath) == "Parsing").SelectMany(Named).Select(n => n.Space).ToHashSet();
        Assert.Superset(new HashSet<string> { "Model", "Diagnostics", Roslyn }, names);
    }

    private static IEnumerable<string> ForeignNames(SyntaxTree tree)
    {
        var folder = FolderOf(tree.FilePath)!;
        return Named(tree).Where(n => n.Space != folder && !Allowed[folder].Contains(n.Space)).Select(n => $"{Path.GetFileName(tree.FilePath)}: {n.Symbol}");
    }

    /// <summary>The types that a file names, or whose members it names, each with its folder, if it is the generator's or the compiler's.</summary>
    private static IEnumerable<(string Space, string Symbol)> Named(SyntaxTree tree)
    {
        var semantics = Compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var symbol = semantics.GetSymbolInfo(name).Symbol;
            var space = symbol as INamespaceSymbol ?? symbol?.ContainingNamespace;
            if (space?.ToDisplayString() is not { } full) continue;
            if (full == Roslyn || full.StartsWith(Roslyn + ".", StringComparison.Ordinal)) yield return (Roslyn, symbol!.ToDisplayString());
            if (full.StartsWith(Root + ".", StringComparison.Ordinal)) yield return (full.Split('.')[2], symbol!.ToDisplayString());
        }
    }

    /// <summary>The folder of the generator that a file is in; null for one beside the folders.</summary>
    internal static string? FolderOf(string path) =>
        Path.GetRelativePath(Sources, path).Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? folder : null;

    private static CSharpCompilation Compile()
    {
        const string Usings =
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading;";
        var own = Directory.GetFiles(Sources, "*.cs", SearchOption.AllDirectories).Where(p => FolderOf(p) is not ("bin" or "obj"));
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith(Roslyn, StringComparison.Ordinal)));
        // What the generator shares with the language is in its assembly; what it declares itself is taken from the sources.
        var references = platform.Append(typeof(ArchitectureGenerator).Assembly.Location).Select(p => MetadataReference.CreateFromFile(p));
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        return CSharpCompilation.Create(
            "Sources",
            own.Select(p => CSharpSyntaxTree.ParseText(File.ReadAllText(p), options, p))
                .Append(CSharpSyntaxTree.ParseText(Usings, options, Path.Combine(Sources, "Usings.cs"))),
            references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
    }
}
