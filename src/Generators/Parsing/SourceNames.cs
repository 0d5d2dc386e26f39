using System.Runtime.CompilerServices;
using System.Text;
using ArchGen.Generators.Model;
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

    private readonly string _documentation;

    private SourceNames(SyntaxTree tree)
    {
        var root = (CompilationUnitSyntax)tree.GetRoot();
        var nodes = root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).ToList();
        Namespaces = [.. nodes.OfType<BaseNamespaceDeclarationSyntax>()
            .Select(n => string.Join(".", n.AncestorsAndSelf().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(s => s.Name.ToString()))).Distinct()];
        Bases = [.. root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
            .OfType<ClassDeclarationSyntax>().Select(c => c.BaseList?.Types[0].Type.RightName()).OfType<string>().Distinct()];

        var documentation = new StringBuilder();
        var types = nodes.Where(n => n.DeclaredName() is not null).ToList();
        // A directive can change all that follows it.
        var units = root.ContainsDirectives ? [SourceUnit.Of(tree, root, types.Select(t => t.DeclaredName()!), "", documentation)]
            : UnitsOf(tree, root, nodes, types, documentation);
        Units = units.ToEquatable();
        _documentation = documentation.ToString();
        if (root.AttributeLists.Count > 0 || IsAmbient(root)) Ambient = string.Join(" ", root.DescendantTokens().Select(t => t.Text));
        Mentioned = [.. Units.SelectMany(u => u.Mentioned).Distinct()];
        Declared = [.. Units.SelectMany(u => u.Declared).Distinct()];
    }

    /// <summary>Its types, and what it has besides.</summary>
    public EquatableArray<SourceUnit> Units { get; }

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

    /// <summary>Whether both are of the same text in the same place, but for comments that document nothing.</summary>
    public bool Equals(SourceNames? other) =>
        ReferenceEquals(this, other) || (other is not null && Units.Equals(other.Units) && _documentation == other._documentation);

    public override bool Equals(object? obj) => Equals(obj as SourceNames);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_documentation);

    private static IEnumerable<SourceUnit> UnitsOf(
        SyntaxTree tree, CompilationUnitSyntax root, IEnumerable<SyntaxNode> nodes, IEnumerable<SyntaxNode> types, StringBuilder documentation)
    {
        var rest = SourceUnit.Of(tree, root, [], "", documentation);
        var usings = string.Concat(nodes.Select(n => n is UsingDirectiveSyntax or ExternAliasDirectiveSyntax ? n.ToString()
            : n is BaseNamespaceDeclarationSyntax scope ? scope.Name + ";" : ""));
        return types.Select(t => SourceUnit.Of(tree, t, [t.DeclaredName()!], usings, documentation, rest.Mentioned)).Prepend(rest);
    }

    private static bool IsAmbient(CompilationUnitSyntax root) => root.DescendantTokens().Any(
        t => (t.IsKind(SyntaxKind.ThisKeyword) && t.Parent is ParameterSyntax) || t.Text is "global" or "extension");
}
