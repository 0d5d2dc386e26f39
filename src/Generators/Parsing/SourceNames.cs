using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// The names in a file: those by which others can refer to it, and those by which it can refer to others. Read from its syntax alone, once per tree.
/// </summary>
internal sealed class SourceNames : IEquatable<SourceNames>
{
    private static readonly ConditionalWeakTable<SyntaxTree, SourceNames> Known = new();

    private readonly string _path;
    private readonly ImmutableArray<byte> _checksum;
    private readonly ParseOptions _options;

    private SourceNames(SyntaxTree tree)
    {
        _path = tree.FilePath;
        _checksum = tree.GetText().GetChecksum();
        _options = tree.Options;
        var root = (CompilationUnitSyntax)tree.GetRoot();
        HashSet<string> mentioned = new(StringComparer.Ordinal), declared = new(StringComparer.Ordinal), namespaces = new(StringComparer.Ordinal);
        foreach (var node in root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax))
        {
            if (node is BaseNamespaceDeclarationSyntax scope)
            {
                namespaces.Add(string.Join(".", scope.AncestorsAndSelf().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(n => n.Name.ToString())));
            }

            var name = node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
                DelegateDeclarationSyntax type => type.Identifier.ValueText,
                _ => null,
            };
            if (name is null) continue;
            declared.Add(name);
            if (name.EndsWith("Attribute", StringComparison.Ordinal)) declared.Add(name.Substring(0, name.Length - "Attribute".Length));
        }

        Bases = [.. root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
            .OfType<ClassDeclarationSyntax>().Select(c => c.BaseList?.Types[0].Type.RightName()).OfType<string>().Distinct()];
        var isAmbient = false;
        foreach (var token in root.DescendantTokens())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken)) mentioned.Add(token.ValueText);
            isAmbient |= (token.IsKind(SyntaxKind.ThisKeyword) && token.Parent is ParameterSyntax) || token.Text is "global" or "extension";
        }

        if (isAmbient || root.AttributeLists.Count > 0) Ambient = string.Join(" ", root.DescendantTokens().Select(t => t.Text));
        Mentioned = [.. mentioned];
        Declared = [.. declared];
        Namespaces = [.. namespaces];
    }

    /// <summary>Every identifier in it.</summary>
    public IReadOnlyList<string> Mentioned { get; }

    /// <summary>What its classes name first as what they derive from.</summary>
    public IReadOnlyList<string> Bases { get; }

    /// <summary>The types that it declares outside of others.</summary>
    public IReadOnlyList<string> Declared { get; }

    /// <summary>The namespaces that it declares.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    /// <summary>
    /// What can change the meaning of others without being named, if it has global usings, extension methods or attributes of the assembly: its tokens.
    /// </summary>
    public string? Ambient { get; }

    public static SourceNames Of(SyntaxTree tree) => Known.GetValue(tree, t => new SourceNames(t));

    /// <summary>Whether both are of the same text, in the same place.</summary>
    public bool Equals(SourceNames? other) =>
        ReferenceEquals(this, other) || (other is not null && _path == other._path && _checksum.SequenceEqual(other._checksum)
            && _options.Equals(other._options));

    public override bool Equals(object? obj) => Equals(obj as SourceNames);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_path);
}
