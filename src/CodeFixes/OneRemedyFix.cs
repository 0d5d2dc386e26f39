using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.CodeFixes;

/// <summary>A fix of diagnostics of the generator that have one remedy. It edits the text around the reported place, and nothing else.</summary>
public abstract class OneRemedyFix : CodeFixProvider
{
    /// <summary>The property of a diagnostic that holds the name which belongs at its place.</summary>
    private const string RemedyProperty = "Remedy";

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null) return;
        foreach (var diagnostic in context.Diagnostics)
        {
            diagnostic.Properties.TryGetValue(RemedyProperty, out var remedy);
            if (!root.FullSpan.Contains(diagnostic.Location.SourceSpan)
                || Fix(root, diagnostic.Location.SourceSpan, remedy) is not var (title, change))
            {
                continue;
            }

            context.RegisterCodeFix(CodeAction.Create(title, cancellation => Apply(context.Document, change, cancellation), equivalenceKey: GetType().Name),
                diagnostic);
        }
    }

    /// <summary>The title of the fix and the edit that it makes; null where it does not apply.</summary>
    /// <param name="root">The file.</param>
    /// <param name="place">The reported place.</param>
    /// <param name="remedy">The name that belongs there, where the diagnostic knows one.</param>
    private protected abstract (string Title, TextChange Change)? Fix(SyntaxNode root, TextSpan place, string? remedy);

    private static async Task<Document> Apply(Document document, TextChange change, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return document.WithText(text.WithChanges(change));
    }
}
