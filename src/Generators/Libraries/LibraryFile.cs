using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Libraries;

/// <summary>A file that a library carries.</summary>
internal sealed class LibraryFile(string path, IReadOnlyList<string> types, string packed)
{
    private SyntaxTree? _tree;

    /// <summary>Its path in the compilation that reads it: it has no place on this machine.</summary>
    public string Path { get; } = path;

    /// <summary>The full names of the types that it declares.</summary>
    public IReadOnlyList<string> Types { get; } = types;

    /// <summary>Its tree, the same one for the same options.</summary>
    public SyntaxTree Tree(CSharpParseOptions options)
    {
        if (_tree is { } known && known.Options.Equals(options)) return known;
        return _tree = CSharpSyntaxTree.ParseText(PackedText.Unpack(packed) ?? "", options, Path, Encoding.UTF8);
    }
}
