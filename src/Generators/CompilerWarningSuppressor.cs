using System.Collections.Immutable;
using ArchGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ArchGen.Generators;

/// <summary>
/// Keeps one mistake one report: where the generator says with a remedy that an optional tensor is not asked for, or that a base's member is hidden,
/// the compiler's warning about the same place is left out. An optional tensor that RequiredIf vouches for needs no <c>!</c> either.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CompilerWarningSuppressor : DiagnosticSuppressor
{
    private static readonly ImmutableDictionary<string, SuppressionDescriptor> ById = new[] { "CS8602", "CS8604", "CS0108", "CS0114" }.ToImmutableDictionary(
        id => id,
        id => new SuppressionDescriptor("ARCHS" + id.Substring(2), id,
            IsNullness(id) ? "ARCH0033 checks optional tensors" : "ARCH0031 reports hidden members"));

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => [.. ById.Values.OrderBy(d => d.Id, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree) continue;
            var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            var semantics = context.GetSemanticModel(tree);
            var isOurs = IsNullness(diagnostic.Id) ? IsOperand(node, semantics) : IsHiding(node, semantics);
            if (isOurs) context.ReportSuppression(Suppression.Create(ById[diagnostic.Id], diagnostic));
        }
    }

    private static bool IsNullness(string id) => id.StartsWith("CS8", StringComparison.Ordinal);

    /// <summary>Whether this is a declared tensor, or a parameter that takes one, and an operation of a forward pass or a block's method gets it.</summary>
    private static bool IsOperand(SyntaxNode node, SemanticModel semantics)
    {
        if (node is not ExpressionSyntax || !IsTensor(semantics.GetSymbolInfo(node).Symbol)) return false;
        return node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call && semantics.GetSymbolInfo(call).Symbol is IMethodSymbol method
            && (method.Attribute(KnownNames.Op) is not null || method.ContainingType.DerivesFrom(KnownNames.Block));
    }

    private static bool IsTensor(ISymbol? symbol) => symbol is IParameterSymbol parameter
        ? KnownNames.ModuleTypes.Contains(parameter.Type.Name) && parameter.ContainingType.ContainingType?.Attribute(KnownNames.Architecture) is not null
        : symbol?.Attribute(KnownNames.Tensor) is not null;

    private static bool IsHiding(SyntaxNode node, SemanticModel semantics) =>
        semantics.GetDeclaredSymbol(node) is { ContainingType: { } type } member
        && (type.Attribute(KnownNames.Architecture) is not null
            || (type.DerivesFrom(KnownNames.Block) && type.ContainingType?.Attribute(KnownNames.Architecture) is not null))
        && HiddenMembers.HiddenBy(member) is not null;
}
