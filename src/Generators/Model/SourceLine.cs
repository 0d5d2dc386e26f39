using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Model;

/// <summary>Where an operation stands.</summary>
/// <param name="Node">The node's name without prefix.</param>
/// <param name="Source">The file's name and the line: <c>Llama.cs:47</c>.</param>
internal sealed record SourceLine(string Node, string Source)
{
    /// <summary>The place of an operation; of a call, the line of its name.</summary>
    public static SourceLine Of(string node, SyntaxNode syntax)
    {
        var at = syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } ? member.Name : syntax;
        var line = at.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        return new SourceLine(node, Path.GetFileName(syntax.SyntaxTree.FilePath) + ":" + line.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
