using System.Runtime.CompilerServices;
using ArchGen.Generators.Model;
using ArchGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Libraries;

/// <summary>
/// What an assembly carries for variants in others: the files with architectures, parts and operations on these, and those that they refer to. A program
/// carries nothing, since no other assembly derives from it.
/// </summary>
internal static class CarriedFiles
{
    private static readonly string[] Declarations = ["Architecture", "Tensor", "State", "KvCache", "Blocks", "HyperParameter"];

    private static readonly ConditionalWeakTable<SyntaxTree, Packed> Known = new();

    public static IEnumerable<CarriedFile> Of(Compilation compilation)
    {
        if (compilation.Options.OutputKind != OutputKind.DynamicallyLinkedLibrary) return [];
        var trees = SourceDependencies.Reached(compilation.SyntaxTrees.Where(IsRoot), compilation);
        var usings = new Lazy<string>(() => Usings(compilation));
        return trees.Where(t => SourceNames.Of(t).Declared.Count > 0).Select(t => FileOf(t, usings.Value))
            .OrderBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Types[0], StringComparer.Ordinal);
    }

    /// <summary>The full name of a type that is declared outside of others; null for any other node.</summary>
    public static string? NameOf(SyntaxNode node)
    {
        if (node.DeclaredName() is not { } name) return null;
        var scopes = node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(n => n.Name.ToString() + ".");
        return string.Concat(scopes) + name;
    }

    private static bool IsRoot(SyntaxTree tree) => Known.GetValue(tree, t => new Packed(t)).IsRoot;

    private static CarriedFile FileOf(SyntaxTree tree, string usings) => Known.GetValue(tree, t => new Packed(t)).With(usings);

    /// <summary>The global usings of a compilation, on one line.</summary>
    private static string Usings(Compilation compilation) => string.Concat(
        compilation.SyntaxTrees.SelectMany(t => ((CompilationUnitSyntax)t.GetRoot()).Usings).Where(u => u.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))
            .Select(u => u.WithGlobalKeyword(default).NormalizeWhitespace().ToString()).Distinct().OrderBy(u => u.Contains('='))
            .ThenBy(u => u, StringComparer.Ordinal));

    /// <summary>What is known of a tree.</summary>
    private sealed class Packed(SyntaxTree tree)
    {
        private readonly WeakReference<SyntaxTree> _tree = new(tree);
        private Tuple<string, CarriedFile>? _file;

        public bool IsRoot { get; } = tree.GetRoot().DescendantNodes().Any(node => node switch
        {
            AttributeSyntax attribute => attribute.Name.RightName() is { } name && Declarations.Contains(name),
            SimpleBaseTypeSyntax parent => parent.Type.RightName() == "OpVocabulary",
            _ => false,
        });

        public CarriedFile With(string usings)
        {
            // One reference: several runs may read it at the same time.
            if (_file is { } known && known.Item1 == usings) return known.Item2;
            if (!_tree.TryGetTarget(out var tree)) throw new InvalidOperationException("The tree was lent for one run.");
            var root = (CompilationUnitSyntax)tree.GetRoot();
            var file = new CarriedFile(Path.GetFileName(tree.FilePath), Types(root).ToEquatable(), PackedText.Pack(BareText.Of(root, usings)));
            _file = Tuple.Create(usings, file);
            return file;
        }

        private static IEnumerable<string> Types(CompilationUnitSyntax root)
        {
            var types = root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax);
            var names = types.Select(NameOf).OfType<string>();
            var isAmbient = root.DescendantNodes().OfType<ParameterSyntax>().Any(p => p.Modifiers.Any(SyntaxKind.ThisKeyword));
            return (isAmbient ? names.Append(CarriedFile.Ambient) : names).Distinct();
        }
    }
}
