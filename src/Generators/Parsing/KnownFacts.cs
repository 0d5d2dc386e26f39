using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>What is known where the conditions on the way hold: of tensors whether they are there, of properties whether they are true.</summary>
/// <param name="compilation">What the conditions belong to.</param>
/// <param name="getter">The expression that a bool property computes, or null.</param>
internal sealed class KnownFacts(Compilation compilation, Func<string, ExpressionSyntax?> getter)
{
    private readonly Dictionary<string, bool> _facts = new(StringComparer.Ordinal);

    /// <summary>Takes a condition as given, with all that follows from it.</summary>
    public void Assume(string condition, bool holds) => Assume(compilation.ExpressionOf(condition), holds);

    /// <summary>Whether a tensor is there for certain.</summary>
    public bool IsThere(string tensor) => _facts.TryGetValue(Presence(tensor), out var isThere) && isThere;

    /// <summary>Whether a condition holds for certain.</summary>
    public bool Holds(string condition) => Evaluate(compilation.ExpressionOf(condition), []) == true;

    private void Assume(ExpressionSyntax condition, bool holds)
    {
        switch (condition)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                Assume(parenthesized.Expression, holds);
                return;
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not:
                Assume(not.Operand, !holds);
                return;
            case BinaryExpressionSyntax both when both.IsKind(holds ? SyntaxKind.LogicalAndExpression : SyntaxKind.LogicalOrExpression):
                Assume(both.Left, holds);
                Assume(both.Right, holds);
                return;
        }

        var (fact, isThere) = Fact(condition);
        if (_facts.ContainsKey(fact)) return;
        _facts[fact] = holds == isThere;
        if (condition is IdentifierNameSyntax name && getter(name.Identifier.ValueText) is { } computed) Assume(computed, holds);
    }

    private bool? Evaluate(ExpressionSyntax condition, HashSet<string> visiting)
    {
        switch (condition)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return Evaluate(parenthesized.Expression, visiting);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not:
                return !Evaluate(not.Operand, visiting);
            case BinaryExpressionSyntax both when both.IsKind(SyntaxKind.LogicalAndExpression):
                return Evaluate(both.Left, visiting) & Evaluate(both.Right, visiting);
            case BinaryExpressionSyntax either when either.IsKind(SyntaxKind.LogicalOrExpression):
                return Evaluate(either.Left, visiting) | Evaluate(either.Right, visiting);
        }

        var (fact, isThere) = Fact(condition);
        if (_facts.TryGetValue(fact, out var known)) return known == isThere;
        return condition is IdentifierNameSyntax name && visiting.Add(name.Identifier.ValueText) && getter(name.Identifier.ValueText) is { } computed
            ? Evaluate(computed, visiting) : null;
    }

    /// <summary>The fact that a condition is about, in one spelling, and whether the condition affirms it.</summary>
    private static (string Fact, bool Affirms) Fact(ExpressionSyntax condition) => condition switch
    {
        IdentifierNameSyntax name => (name.Identifier.ValueText, true),
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } absent =>
            (Presence(absent.Expression.ToString()), false),
        IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } } there =>
            (Presence(there.Expression.ToString()), true),
        BinaryExpressionSyntax { Right.RawKind: (int)SyntaxKind.NullLiteralExpression } comparison when comparison.IsKind(SyntaxKind.EqualsExpression) =>
            (Presence(comparison.Left.ToString()), false),
        BinaryExpressionSyntax { Right.RawKind: (int)SyntaxKind.NullLiteralExpression } comparison when comparison.IsKind(SyntaxKind.NotEqualsExpression) =>
            (Presence(comparison.Left.ToString()), true),
        _ => (condition.NormalizeWhitespace().ToString(), true),
    };

    private static string Presence(string tensor) => tensor + " is there";
}
