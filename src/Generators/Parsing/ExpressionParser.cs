using ArchGen.Generators.Model;
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
    /// <returns>Its normal form and the expression as it is written; or the place of the name that is unknown, or -1 if it is malformed.</returns>
    public static Result Parse(ExpressionSyntax syntax, int length, Func<string, Dim?> resolve)
    {
        if (syntax.ContainsDiagnostics || syntax.FullSpan.Length != length) return Result.Malformed;
        return Read(syntax, resolve);
    }

    private static Result Read(ExpressionSyntax syntax, Func<string, Dim?> resolve)
    {
        switch (syntax)
        {
            case LiteralExpressionSyntax { Token.Value: int number }:
                return new Result(number, new ConstantExpression(number), "", 0);
            case IdentifierNameSyntax name:
                var identifier = name.Identifier.ValueText;
                return resolve(identifier) is { } dim ? new Result(dim, new NameExpression(identifier), "", 0)
                    : new Result(null, null, identifier, name.SpanStart);
            case ParenthesizedExpressionSyntax parenthesized:
                return Read(parenthesized.Expression, resolve);
            case BinaryExpressionSyntax binary:
                return Read(binary, resolve);
            default:
                return Result.Malformed;
        }
    }

    private static Result Read(BinaryExpressionSyntax binary, Func<string, Dim?> resolve)
    {
        var left = Read(binary.Left, resolve);
        if (left.Dim is null) return left;
        var right = Read(binary.Right, resolve);
        if (right.Dim is null) return right;
        var dim = binary.Kind() switch
        {
            SyntaxKind.AddExpression => left.Dim + right.Dim,
            SyntaxKind.SubtractExpression => left.Dim - right.Dim,
            SyntaxKind.MultiplyExpression => left.Dim * right.Dim,
            SyntaxKind.DivideExpression when !right.Dim.Equals(0) => left.Dim / right.Dim,
            _ => null,
        };
        return dim is null ? Result.Malformed
            : new Result(dim, new BinaryExpression(WrittenExpressions.OperatorOf(binary)!.Value, left.Expression!, right.Expression!), "", 0);
    }

    /// <summary>An expression that was read, or what is wrong with it.</summary>
    /// <param name="Dim">Its normal form; null if it is none.</param>
    /// <param name="Expression">The expression as it is written; null if it is none.</param>
    /// <param name="UnknownName">The name in it that is unknown, or nothing.</param>
    /// <param name="Position">The place of that name; -1 if the expression is malformed.</param>
    internal sealed record Result(Dim? Dim, Expression? Expression, string UnknownName, int Position)
    {
        public static readonly Result Malformed = new(null, null, "", -1);
    }
}
