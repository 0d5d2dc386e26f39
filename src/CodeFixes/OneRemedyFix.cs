using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.CodeFixes;

/// <summary>A fix of diagnostics with a single remedy. It edits only the text at the reported place.</summary>
public abstract class OneRemedyFix : CodeFixProvider
{
    /// <summary>The property of a diagnostic with the correct name.</summary>
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

    /// <summary>The title of the fix and its edit; null if it does not apply.</summary>
    /// <param name="root">The file.</param>
    /// <param name="place">The reported place.</param>
    /// <param name="remedy">The correct name, if the diagnostic has one.</param>
    private protected abstract (string Title, TextChange Change)? Fix(SyntaxNode root, TextSpan place, string? remedy);

    private static async Task<Document> Apply(Document document, TextChange change, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return document.WithText(text.WithChanges(change));
    }
}
