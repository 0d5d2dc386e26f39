using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.CodeFixes;

/// <summary>ARCH0002, ARCH0018: replaces an unknown name with the nearest one, in a string, as a whole string, or in a nameof.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UseNearestName : OneRemedyFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["ARCH0002", "ARCH0018"];

    private protected override (string Title, TextChange Change)? Fix(SyntaxNode root, TextSpan place, string? remedy)
    {
        if (remedy is null) return null;
        var written = root.GetText().ToString(place);
        var replacement = written.StartsWith("\"", StringComparison.Ordinal) ? $"\"{remedy}\""
            : written.StartsWith("nameof(", StringComparison.Ordinal) ? $"nameof({remedy})"
            : remedy;
        return ($"Change {written} to {replacement}", new TextChange(place, replacement));
    }
}
