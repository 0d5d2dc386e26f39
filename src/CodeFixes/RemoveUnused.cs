using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.CodeFixes;

/// <summary>ARCH0007, ARCH0008, ARCH0025: removes the declaration of a tensor, hyper-parameter or state that nothing uses.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemoveUnused : OneRemedyFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["ARCH0007", "ARCH0008", "ARCH0025"];

    private protected override (string Title, TextChange Change)? Fix(SyntaxNode root, TextSpan place, string? remedy)
    {
        if (root.FindToken(place.Start).Parent is not PropertyDeclarationSyntax property) return null;
        return ($"Remove '{property.Identifier.ValueText}'", new TextChange(WithItsLines(root.GetText(), property), ""));
    }

    /// <summary>The span of the declaration with its comment; includes one of two empty lines that would become adjacent.</summary>
    private static TextSpan WithItsLines(SourceText text, PropertyDeclarationSyntax property)
    {
        var first = text.Lines.IndexOf(FirstOf(property));
        var last = text.Lines.IndexOf(property.Span.End);
        var isAlone = IsBlank(text, text.Lines[first].Start, FirstOf(property)) && IsBlank(text, property.Span.End, text.Lines[last].End);
        if (!isAlone)
        {
            var end = property.Span.End;
            while (end < text.Length && text[end] == ' ') end++;
            return TextSpan.FromBounds(property.SpanStart, end);
        }

        var opens = first == 0 || IsEmpty(text, first - 1) || text.ToString(text.Lines[first - 1].Span).TrimEnd().EndsWith("{", StringComparison.Ordinal);
        if (opens && last + 1 < text.Lines.Count && IsEmpty(text, last + 1)) last++;
        return TextSpan.FromBounds(text.Lines[first].Start, text.Lines[last].EndIncludingLineBreak);
    }

    private static int FirstOf(PropertyDeclarationSyntax property)
    {
        foreach (var trivia in property.GetLeadingTrivia())
        {
            if (!string.IsNullOrWhiteSpace(trivia.ToFullString()) && !trivia.IsDirective) return trivia.FullSpan.Start;
        }

        return property.SpanStart;
    }

    private static bool IsEmpty(SourceText text, int line) => string.IsNullOrWhiteSpace(text.ToString(text.Lines[line].Span));

    private static bool IsBlank(SourceText text, int start, int end) => end <= start
        || string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(start, end)));
}
