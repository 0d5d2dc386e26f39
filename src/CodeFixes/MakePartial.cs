using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.CodeFixes;

/// <summary>ARCH0005: makes a class or property partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MakePartial : OneRemedyFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["ARCH0005"];

    private protected override (string Title, TextChange Change)? Fix(SyntaxNode root, TextSpan place, string? remedy)
    {
        var name = root.FindToken(place.Start);
        // The modifier is last: before the keyword of a class, before the type of a property.
        int? at = name.Parent switch
        {
            ClassDeclarationSyntax type => type.Keyword.SpanStart,
            PropertyDeclarationSyntax property => property.Type.SpanStart,
            _ => null,
        };
        return at is { } position ? ($"Make '{name.ValueText}' partial", new TextChange(new TextSpan(position, 0), "partial ")) : null;
    }
}
