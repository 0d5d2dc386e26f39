using System.Text;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Libraries;

/// <summary>A file that a library carries.</summary>
internal sealed class LibraryFile(string path, IReadOnlyList<string> types, string packed)
{
    private SyntaxTree? _tree;
    private Tuple<string, SyntaxTree>? _without;

    /// <summary>Its path in the compilation that reads it: it has no place on this machine.</summary>
    public string Path { get; } = path;

    /// <summary>The full names of the types that it declares.</summary>
    public IReadOnlyList<string> Types { get; } = types;

    /// <summary>Its tree without the types that are declared elsewhere, the same one for the same options and types; null if none is left.</summary>
    public SyntaxTree? Tree(CSharpParseOptions options, Func<string, bool> isReplaced)
    {
        var replaced = Types.Where(t => t != CarriedFile.Ambient && isReplaced(t)).ToList();
        if (replaced.Count > 0 && Types.All(t => t == CarriedFile.Ambient || replaced.Contains(t))) return null;
        if (_tree is not { } tree || !tree.Options.Equals(options))
            _tree = tree = CSharpSyntaxTree.ParseText(PackedText.Unpack(packed) ?? "", options, Path, Encoding.UTF8);
        if (replaced.Count == 0) return tree;
        // One reference: several runs may read it at the same time.
        var key = string.Join(";", replaced);
        if (_without is { } known && known.Item1 == key && known.Item2.Options.Equals(options)) return known.Item2;
        var without = CSharpSyntaxTree.ParseText(Without(tree, replaced), options, Path, Encoding.UTF8);
        _without = Tuple.Create(key, without);
        return without;
    }

    /// <summary>A text in which lines are empty where types stood, so that the places of the others stay.</summary>
    private static string Without(SyntaxTree tree, IReadOnlyList<string> types)
    {
        var text = new StringBuilder(tree.ToString());
        foreach (var node in tree.GetRoot().DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax))
        {
            if (CarriedFiles.NameOf(node) is not { } name || !types.Contains(name)) continue;
            for (var i = node.SpanStart; i < node.Span.End; i++)
            {
                if (text[i] != '\n') text[i] = ' ';
            }
        }

        return text.ToString();
    }
}
