using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.CodeFixes;

/// <summary>ARCH0010: states the epsilon of the norms in [Architecture], that of the reported norm's kind.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddEpsilon : OneRemedyFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["ARCH0010"];

    private protected override (string Title, TextChange Change)? Fix(SyntaxNode root, TextSpan place, string? remedy)
    {
        var attribute = root.FindToken(place.Start).Parent?.Ancestors().OfType<ClassDeclarationSyntax>().SelectMany(c => c.AttributeLists)
            .SelectMany(l => l.Attributes)
            .FirstOrDefault(a => a.Name.ToString() is "Architecture" or "ArchitectureAttribute" or "ArchGen.Architecture");
        if (remedy is null || attribute?.ArgumentList is not { Arguments.Count: > 0 } arguments) return null;
        var argument = $"Epsilon = nameof({remedy})";
        return ($"Add {argument} to [Architecture]", new TextChange(new TextSpan(arguments.CloseParenToken.SpanStart, 0), ", " + argument));
    }
}
