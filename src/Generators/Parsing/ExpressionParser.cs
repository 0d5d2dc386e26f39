using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>Reads expressions over hyper-parameters out of attributes: <c>Heads*HeadDim</c>.</summary>
internal static class ExpressionParser
{
    /// <summary>The parts of a list separated by commas outside of parentheses, each with its place in the text.</summary>
    public static IEnumerable<(string Text, int Start)> SplitList(string text)
    {
        int depth = 0, start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : ',';
            if (c == '(') depth++;
            if (c == ')') depth--;
            if (c != ',' || (depth > 0 && i < text.Length)) continue;
            var part = text.Substring(start, i - start);
            yield return (part.Trim(), start + (part.Length - part.TrimStart().Length));
            start = i + 1;
        }
    }

    /// <summary>Reads an expression.</summary>
    /// <param name="syntax">The expression.</param>
    /// <param name="length">The length of its text.</param>
    /// <param name="resolve">The dimension that a name stands for, or null.</param>
    /// <returns>Its normal form and its C#; or the place of the name that is unknown, or -1 for an expression that is malformed.</returns>
    public static Result Parse(ExpressionSyntax syntax, int length, Func<string, Dim?> resolve)
    {
        if (syntax.ContainsDiagnostics || syntax.FullSpan.Length != length) return new Result(null, "", "", -1);
        return Read(syntax, resolve);
    }

    private static Result Read(ExpressionSyntax syntax, Func<string, Dim?> resolve)
    {
        switch (syntax)
        {
            case LiteralExpressionSyntax { Token.Value: int number }:
                return new Result(number, syntax.ToString(), "", 0);
            case IdentifierNameSyntax name:
                var dim = resolve(name.Identifier.ValueText);
                return dim is null ? new Result(null, "", name.Identifier.ValueText, name.SpanStart) : new Result(dim, name.Identifier.ValueText, "", 0);
            case ParenthesizedExpressionSyntax parenthesized:
                var inner = Read(parenthesized.Expression, resolve);
                return inner with { Code = $"({inner.Code})" };
            case BinaryExpressionSyntax binary:
                var left = Read(binary.Left, resolve);
                if (left.Dim is null) return left;
                var right = Read(binary.Right, resolve);
                if (right.Dim is null) return right;
                var result = binary.Kind() switch
                {
                    SyntaxKind.AddExpression => left.Dim + right.Dim,
                    SyntaxKind.SubtractExpression => left.Dim - right.Dim,
                    SyntaxKind.MultiplyExpression => left.Dim * right.Dim,
                    SyntaxKind.DivideExpression when !right.Dim.Equals(0) => left.Dim / right.Dim,
                    _ => null,
                };
                return result is null ? new Result(null, "", "", -1) : new Result(result, $"{left.Code} {binary.OperatorToken.ValueText} {right.Code}", "", 0);
            default:
                return new Result(null, "", "", -1);
        }
    }

    internal sealed record Result(Dim? Dim, string Code, string UnknownName, int Position);
}
