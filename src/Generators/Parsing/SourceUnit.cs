using System.Text;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// A type of a file with the usings that it is read with, or what the file has besides its types. Two are equal if they mean the same and all their words
/// stand in the same lines and columns: comments do not count.
/// </summary>
internal sealed class SourceUnit : IEquatable<SourceUnit>
{
    private readonly string _path;
    private readonly ParseOptions _options;
    private readonly string _text;

    private SourceUnit(SyntaxTree tree, string text, IReadOnlyList<string> declared, IReadOnlyList<string> mentioned)
    {
        (_path, _options, _text) = (tree.FilePath, tree.Options, text);
        (Declared, Mentioned) = (declared, mentioned);
    }

    /// <summary>The names by which others refer to it.</summary>
    public IReadOnlyList<string> Declared { get; }

    /// <summary>Every identifier in it and in the usings.</summary>
    public IReadOnlyList<string> Mentioned { get; }

    /// <param name="tree">The file.</param>
    /// <param name="node">The type; or the file, of which it is what stands outside of types unless it declares them itself.</param>
    /// <param name="types">The types that it declares.</param>
    /// <param name="usings">The usings and namespaces of the file.</param>
    /// <param name="documentation">Where the lines of documentation are collected.</param>
    /// <param name="others">What the usings mention.</param>
    public static SourceUnit Of(
        SyntaxTree tree, SyntaxNode node, IEnumerable<string> types, string usings, StringBuilder documentation, IEnumerable<string>? others = null)
    {
        List<string> declared = [.. types];
        declared.AddRange(declared.Where(n => n.EndsWith("Attribute", StringComparison.Ordinal))
            .Select(n => n.Substring(0, n.Length - "Attribute".Length)).ToList());
        var mentioned = new HashSet<string>(others ?? [], StringComparer.Ordinal);
        var place = tree.GetLineSpan(node.Span).StartLinePosition;
        var text = new StringBuilder(usings).Append('\n').Append(place.Line).Append(':').Append(place.Character).Append('\n');
        var isRest = node is CompilationUnitSyntax && declared.Count == 0;
        var tokens = isRest ? node.DescendantTokens(n => n is not (BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)) : node.DescendantTokens();
        foreach (var token in tokens)
        {
            Append(text, token.LeadingTrivia, documentation);
            text.Append(token.Text);
            Append(text, token.TrailingTrivia, documentation);
            if (token.IsKind(SyntaxKind.IdentifierToken)) mentioned.Add(token.ValueText);
        }

        return new SourceUnit(tree, text.ToString(), declared, [.. mentioned]);
    }

    public bool Equals(SourceUnit? other) =>
        ReferenceEquals(this, other) || (other is not null && _path == other._path && _text == other._text && _options.Equals(other._options));

    public override bool Equals(object? obj) => Equals(obj as SourceUnit);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_path);

    private static void Append(StringBuilder text, SyntaxTriviaList trivia, StringBuilder documentation)
    {
        foreach (var item in trivia)
        {
            switch (item.Kind())
            {
                case SyntaxKind.WhitespaceTrivia:
                    text.Append(item.ToString());
                    break;
                case SyntaxKind.EndOfLineTrivia:
                    EndLine(text);
                    break;
                case SyntaxKind.SingleLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia:
                    var comment = item.ToFullString();
                    if (comment.StartsWith("///", StringComparison.Ordinal)) documentation.Append(comment).Append('\n');
                    foreach (var _ in comment.Where(c => c == '\n')) EndLine(text);
                    break;
                case SyntaxKind.MultiLineCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia:
                    // What follows it on its line keeps its column.
                    foreach (var c in item.ToFullString()) text.Append(c == '\n' ? c : ' ');
                    break;
                default:
                    text.Append(item.ToFullString());
                    break;
            }
        }
    }

    /// <summary>Ends a line, without the space between its last word and a comment.</summary>
    private static void EndLine(StringBuilder text)
    {
        while (text.Length > 0 && text[text.Length - 1] == ' ') text.Length--;
        text.Append('\n');
    }
}
