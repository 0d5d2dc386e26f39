using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>An expression that the model has no form for: equal to those that are spelled alike. No model holds one, and none is written.</summary>
internal sealed record SpelledExpression(string Spelling) : Expression;

/// <summary>
/// Conditions as they are written in a getter, as the model's expressions. What has no form there is known by its spelling alone.
/// </summary>
internal static class WrittenExpressions
{
    /// <summary>The expression of a syntax, parentheses aside.</summary>
    public static Expression Read(ExpressionSyntax syntax) => syntax switch
    {
        ParenthesizedExpressionSyntax parenthesized => Read(parenthesized.Expression),
        LiteralExpressionSyntax literal => new ConstantExpression(literal.Token.Value),
        IdentifierNameSyntax name => new NameExpression(name.Identifier.ValueText),
        MemberAccessExpressionSyntax member => new MemberExpression(Read(member.Expression), member.Name.Identifier.ValueText),
        PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.LogicalNotExpression) => Read(unary.Operand).Negate(),
        PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.UnaryMinusExpression) => new UnaryExpression(UnaryOperator.Minus, Read(unary.Operand)),
        IsPatternExpressionSyntax { Pattern: var pattern } question when Presence(pattern) is { } isThere =>
            new PresenceExpression(Read(question.Expression), isThere),
        BinaryExpressionSyntax { Right.RawKind: (int)SyntaxKind.NullLiteralExpression } question
            when OperatorOf(question) is BinaryOperator.Equal or BinaryOperator.NotEqual =>
            new PresenceExpression(Read(question.Left), OperatorOf(question) == BinaryOperator.NotEqual),
        BinaryExpressionSyntax coalesce when coalesce.IsKind(SyntaxKind.CoalesceExpression) =>
            new CoalesceExpression(Read(coalesce.Left), Read(coalesce.Right)),
        BinaryExpressionSyntax binary when OperatorOf(binary) is { } @operator => new BinaryExpression(@operator, Read(binary.Left), Read(binary.Right)),
        CastExpressionSyntax cast => new CastExpression(cast.Type.ToString(), Read(cast.Expression)),
        ConditionalExpressionSyntax choice => new ConditionalExpression(Read(choice.Condition), Read(choice.WhenTrue), Read(choice.WhenFalse)),
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax function } call => Expression.Call(null, function.Identifier.ValueText, Arguments(call)),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call =>
            Expression.Call(Read(member.Expression), member.Name.Identifier.ValueText, Arguments(call)),
        ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } index } element =>
            new ElementExpression(Read(element.Expression), Read(index[0].Expression)),
        _ => new SpelledExpression(syntax.NormalizeWhitespace().ToString()),
    };

    private static Expression[] Arguments(InvocationExpressionSyntax call) => [.. call.ArgumentList.Arguments.Select(a => Read(a.Expression))];

    private static bool? Presence(PatternSyntax pattern) => pattern switch
    {
        ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } => false,
        UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } => true,
        _ => null,
    };

    /// <summary>The operator of a syntax, or null if expressions have none of its kind.</summary>
    public static BinaryOperator? OperatorOf(BinaryExpressionSyntax binary) => binary.Kind() switch
    {
        SyntaxKind.AddExpression => BinaryOperator.Add,
        SyntaxKind.SubtractExpression => BinaryOperator.Subtract,
        SyntaxKind.MultiplyExpression => BinaryOperator.Multiply,
        SyntaxKind.DivideExpression => BinaryOperator.Divide,
        SyntaxKind.ModuloExpression => BinaryOperator.Remainder,
        SyntaxKind.EqualsExpression => BinaryOperator.Equal,
        SyntaxKind.NotEqualsExpression => BinaryOperator.NotEqual,
        SyntaxKind.LessThanExpression => BinaryOperator.Less,
        SyntaxKind.LessThanOrEqualExpression => BinaryOperator.LessOrEqual,
        SyntaxKind.GreaterThanExpression => BinaryOperator.Greater,
        SyntaxKind.GreaterThanOrEqualExpression => BinaryOperator.GreaterOrEqual,
        SyntaxKind.LogicalAndExpression => BinaryOperator.And,
        SyntaxKind.LogicalOrExpression => BinaryOperator.Or,
        _ => null,
    };
}
