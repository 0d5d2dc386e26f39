using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Libraries;

/// <summary>A file as it is carried: without comments, directives and what these leave out, but with all its lines, so that places stay.</summary>
internal static class BareText
{
    /// <param name="root">The file.</param>
    /// <param name="usings">
    /// The global usings of its project as plain ones: they go before its first word, or after its last extern alias, since no other project has them.
    /// </param>
    public static string Of(CompilationUnitSyntax root, string usings)
    {
        var text = new StringBuilder();
        var last = root.Externs.LastOrDefault()?.GetLastToken(includeZeroWidth: true);
        var isFirst = last is null;
        foreach (var token in root.DescendantTokens())
        {
            Append(text, token.LeadingTrivia);
            if (isFirst) text.Append(usings);
            isFirst = token == last;
            // A using that is global here must not be so elsewhere.
            if (!(token.IsKind(SyntaxKind.GlobalKeyword) && token.Parent is UsingDirectiveSyntax)) text.Append(token.Text);
            Append(text, token.TrailingTrivia);
        }

        return text.ToString().TrimEnd();
    }

    private static void Append(StringBuilder text, SyntaxTriviaList trivia)
    {
        foreach (var item in trivia)
        {
            if (item.IsKind(SyntaxKind.WhitespaceTrivia)) text.Append(item.ToString());
            else if (item.ToFullString().Count(c => c == '\n') is > 0 and var lines) text.Append('\n', lines);
            // A comment may be all that separates two words.
            else text.Append(' ');
        }
    }
}
