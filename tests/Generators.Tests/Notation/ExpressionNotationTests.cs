using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;
using ArchGen.Generators.Parsing;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Tests.Notation;

/// <summary>An expression is written so that C# reads the same expression, with no parentheses that it does not need.</summary>
public class ExpressionNotationTests
{
    private static readonly Expression A = new NameExpression("A"), B = new NameExpression("B"), C = new NameExpression("C");

    private static readonly BinaryOperator[] Arithmetic =
        [BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply, BinaryOperator.Divide, BinaryOperator.Remainder];

    private static readonly BinaryOperator[] Questions =
        [BinaryOperator.Equal, BinaryOperator.NotEqual, BinaryOperator.Less, BinaryOperator.LessOrEqual, BinaryOperator.Greater, BinaryOperator.GreaterOrEqual];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_compiler_reads_what_was_written(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 1000; i++)
        {
            var expression = i % 2 == 0 ? Number(random, 5) : Condition(random, 5);
            var text = expression.ToCSharp();
            var syntax = SyntaxFactory.ParseExpression(text);
            Assert.Empty(syntax.GetDiagnostics());
            Assert.Equal(text.Length, syntax.FullSpan.Length);
            Assert.True(expression.Equals(WrittenExpressions.Read(syntax)), text);
        }
    }

    [Fact]
    public void Parentheses_are_where_they_are_needed()
    {
        AssertText("A * B + C", Binary(BinaryOperator.Add, Binary(BinaryOperator.Multiply, A, B), C));
        AssertText("(A + B) * C", Binary(BinaryOperator.Multiply, Binary(BinaryOperator.Add, A, B), C));
        AssertText("A / ((A + B) * (B + C))", Binary(BinaryOperator.Divide, A,
            Binary(BinaryOperator.Multiply, Binary(BinaryOperator.Add, A, B), Binary(BinaryOperator.Add, B, C))));
        AssertText("A + B + C", Expression.Add(Expression.Add(A, B), C));
        AssertText("A + (B + C)", Expression.Add(A, Expression.Add(B, C)));
        AssertText("A is null && !(B == C)", Expression.And(new PresenceExpression(A, IsThere: false), Binary(BinaryOperator.Equal, B, C).Negate()));
    }

    [Fact]
    public void Signs_do_not_meet()
    {
        AssertText("-(-A)", Minus(Minus(A)));
        AssertText("-(-3)", Minus(new ConstantExpression(-3)));
        AssertText("(RopeKind)(-1)", new CastExpression("RopeKind", new ConstantExpression(-1)));
        AssertText("A - -3", Binary(BinaryOperator.Subtract, A, new ConstantExpression(-3)));
    }

    [Fact]
    public void Formulas_are_written_as_shapes_are()
    {
        Assert.Equal("A/B + C", Expression.Add(Binary(BinaryOperator.Divide, A, B), C).ToFormula());
        Assert.Equal("(A - B)*C", Binary(BinaryOperator.Multiply, Binary(BinaryOperator.Subtract, A, B), C).ToFormula());
        Assert.Equal("[A, B * C]", new[] { A, Binary(BinaryOperator.Multiply, B, C) }.ToCSharpList());
    }

    [Fact]
    public void Two_conditions_are_in_parentheses_before_a_choice()
    {
        Assert.Equal("(A && B)", Expression.And(A, B).ToOperand());
        Assert.Equal("A is null", new PresenceExpression(A, IsThere: false).ToOperand());
    }

    [Fact]
    public void An_operand_is_written_as_its_value()
    {
        var operand = new OperandExpression(0, Expression.Add(A, B), default);
        AssertText("C * (A + B)", Binary(BinaryOperator.Multiply, C, operand));
        Assert.Equal(["C", "A", "B"], Binary(BinaryOperator.Multiply, C, operand).Identifiers());
        Assert.Equal([operand], Expression.Call(null, "Silu", operand).Operands());
    }

    [Fact]
    public void Constants_are_those_of_c_sharp()
    {
        AssertText("null", Expression.Null);
        AssertText("0.1f", new ConstantExpression(0.1f));
        AssertText("1E-05", new ConstantExpression(1e-5));
        AssertText("0.5773502691896257f", new NumeralExpression("0.5773502691896257"));
        AssertText("float.NegativeInfinity", new ConstantExpression(float.NegativeInfinity));
        AssertText("\"a\\\"b\"", new ConstantExpression("a\"b"));
    }

    [Fact]
    public void Opposites_are_as_one_would_write_them()
    {
        Assert.Equal(A, A.Negate().Negate());
        Assert.Equal(Expression.False, Expression.True.Negate());
        AssertText("A is not null", new PresenceExpression(A, IsThere: false).Negate());
        AssertText("!(A && B)", Expression.And(A, B).Negate());
    }

    private static void AssertText(string text, Expression expression) => Assert.Equal(text, expression.ToCSharp());

    private static Expression Binary(BinaryOperator @operator, Expression left, Expression right) => new BinaryExpression(@operator, left, right);

    private static Expression Minus(Expression operand) => new UnaryExpression(UnaryOperator.Minus, operand);

    private static Expression Number(Random random, int depth) => random.Next(depth == 0 ? 4 : 12) switch
    {
        0 => new ConstantExpression(random.Next(100)),
        1 => new ConstantExpression((float)random.NextDouble()),
        2 => new MemberExpression(B, "Count"),
        3 => A,
        4 => Minus(Number(random, depth - 1)),
        5 => new CastExpression("float", Number(random, depth - 1)),
        6 => Expression.Call(null, "Sqrt", Number(random, depth - 1)),
        7 => Expression.Call(Number(random, depth - 1), "Max", A, Number(random, depth - 1)),
        8 => new ElementExpression(C, Number(random, depth - 1)),
        9 => new ConditionalExpression(Condition(random, depth - 1), Number(random, depth - 1), Number(random, depth - 1)),
        _ => Binary(Arithmetic[random.Next(Arithmetic.Length)], Number(random, depth - 1), Number(random, depth - 1)),
    };

    private static Expression Condition(Random random, int depth) => random.Next(depth == 0 ? 2 : 6) switch
    {
        0 => C,
        1 => new PresenceExpression(new CoalesceExpression(A, B), random.Next(2) == 0),
        2 => Condition(random, depth - 1).Negate(),
        3 => Binary(Questions[random.Next(Questions.Length)], Number(random, depth - 1), Number(random, depth - 1)),
        4 => Binary(BinaryOperator.Or, Condition(random, depth - 1), Condition(random, depth - 1)),
        _ => Expression.And(Condition(random, depth - 1), Condition(random, depth - 1)),
    };
}
