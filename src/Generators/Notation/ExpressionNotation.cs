using System.Globalization;
using ArchGen.Generators.Model;

namespace ArchGen.Generators.Notation;

/// <summary>Expressions as C#. An operand has parentheses where C# would else read another tree; a choice has its own.</summary>
internal static class ExpressionNotation
{
    private const int Primary = 9, Prefix = 8, Product = 7, Comparison = 5;

    /// <summary>The expression as C#.</summary>
    public static string ToCSharp(this Expression expression) => expression switch
    {
        ConstantExpression constant => Constant(constant.Value),
        NumeralExpression number => number.Digits + "f",
        NameExpression name => name.Identifier,
        MemberExpression member => $"{Operand(member.Owner, Primary)}.{member.Member}",
        ElementExpression element => $"{Operand(element.List, Primary)}[{element.Index.ToCSharp()}]",
        CallExpression call =>
            $"{(call.Owner is null ? "" : Operand(call.Owner, Primary) + ".")}{call.Function}({string.Join(", ", call.Arguments.Select(Argument))})",
        UnaryExpression unary => Symbol(unary.Operator) + Operand(unary.Operand, IsMinus(unary.Operand) ? Primary : Prefix),
        BinaryExpression binary => Binary(binary, " ", ToCSharp),
        ConditionalExpression choice => $"({choice.Condition.ToCSharp()} ? {choice.Then.ToCSharp()} : {choice.Otherwise.ToCSharp()})",
        CoalesceExpression coalesce => $"({coalesce.First.ToCSharp()} ?? {coalesce.Otherwise.ToCSharp()})",
        PresenceExpression presence => $"{Operand(presence.Operand, Comparison)} is {(presence.IsThere ? "not " : "")}null",
        CastExpression cast => $"({cast.Type}){Operand(cast.Operand, IsMinus(cast.Operand) ? Primary : Prefix)}",
        TupleExpression tuple => $"({string.Join(", ", tuple.Items.Select(ToCSharp))})",
        OperandExpression operand => operand.Value.ToCSharp(),
        CacheExpression cache => cache.Value.ToCSharp(),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "An expression without a notation."),
    };

    /// <summary>The expression as C#, in parentheses where it joins two conditions.</summary>
    public static string ToOperand(this Expression expression) => Operand(expression, Comparison, ToCSharp);

    /// <summary>The expression as C#, with products closed up, as shapes are written: <c>Embd/Heads + 1</c>.</summary>
    public static string ToFormula(this Expression expression) => expression is BinaryExpression binary
        ? Binary(binary, RankOf(binary.Operator) == Product ? "" : " ", ToFormula) : expression.ToCSharp();

    /// <summary>Expressions as a list in C#: <c>[A, B * C]</c>.</summary>
    public static string ToCSharpList(this IEnumerable<Expression> items) => $"[{string.Join(", ", items.Select(ToCSharp))}]";

    private static string Argument(ArgumentModel argument) =>
        argument.Parameter is null ? argument.Value.ToCSharp() : $"{argument.Parameter}: {argument.Value.ToCSharp()}";

    /// <summary>Operators of one rank are read from the left, so the right operand has parentheses even where it is of the same.</summary>
    private static string Binary(BinaryExpression binary, string space, Func<Expression, string> write)
    {
        var rank = RankOf(binary.Operator);
        return Operand(binary.Left, rank, write) + space + Symbol(binary.Operator) + space + Operand(binary.Right, rank + 1, write);
    }

    private static string Operand(Expression operand, int least) => Operand(operand, least, ToCSharp);

    private static string Operand(Expression operand, int least, Func<Expression, string> write) =>
        RankOf(operand) < least ? $"({write(operand)})" : write(operand);

    private static string Constant(object? value) => value switch
    {
        null => "null",
        // What has no literal in C#.
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        float number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        string text => Literals.Literal(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static bool IsMinus(Expression operand) => operand is UnaryExpression { Operator: UnaryOperator.Minus } || IsNegative(operand);

    private static bool IsNegative(Expression operand) => operand is ConstantExpression { Value: int and < 0 or float and < 0 or double and < 0 };

    private static int RankOf(Expression expression) => expression switch
    {
        UnaryExpression or CastExpression => Prefix,
        PresenceExpression => Comparison,
        BinaryExpression binary => RankOf(binary.Operator),
        OperandExpression operand => RankOf(operand.Value),
        CacheExpression cache => RankOf(cache.Value),
        _ => IsNegative(expression) ? Prefix : Primary,
    };

    private static int RankOf(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder => Product,
        BinaryOperator.Add or BinaryOperator.Subtract => 6,
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => Comparison,
        BinaryOperator.Equal or BinaryOperator.NotEqual => 4,
        BinaryOperator.And => 3,
        _ => 2,
    };

    private static string Symbol(UnaryOperator @operator) => @operator == UnaryOperator.Not ? "!" : "-";

    private static string Symbol(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.And => "&&",
        _ => "||",
    };
}
