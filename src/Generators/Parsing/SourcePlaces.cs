using System.Globalization;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Parsing;

/// <summary>The model's places and lines of syntax.</summary>
internal static class SourcePlaces
{
    /// <summary>Whether a place is within a declaration.</summary>
    public static bool Includes(this SyntaxReference declaration, SourcePlace place) =>
        declaration.SyntaxTree.FilePath == place.FilePath && declaration.SyntaxTree.GetLineSpan(declaration.Span).Span is var span
        && span.Start <= new LinePosition(place.First.Line, place.First.Column) && new LinePosition(place.End.Line, place.End.Column) <= span.End;

    /// <summary>The line of an operation; of a call, that of its name.</summary>
    public static SourceLine LineOf(string node, SyntaxNode syntax)
    {
        var at = syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } ? member.Name : syntax;
        var line = at.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        return new SourceLine(node, Path.GetFileName(syntax.SyntaxTree.FilePath) + ":" + line.ToString(CultureInfo.InvariantCulture));
    }
}
