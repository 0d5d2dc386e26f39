using ArchGen.Generators.Model;

namespace ArchGen.Generators.Parsing;

/// <summary>What is known where the conditions on the way hold: of tensors whether they are there, of properties whether they are true.</summary>
/// <param name="getter">The expression that a bool property computes, or null.</param>
internal sealed class KnownFacts(Func<string, Expression?> getter)
{
    private readonly Dictionary<Expression, bool> _facts = [];

    /// <summary>Takes a condition as given, with all that follows from it.</summary>
    public void Assume(Expression condition, bool holds)
    {
        switch (condition)
        {
            case UnaryExpression { Operator: UnaryOperator.Not } not:
                Assume(not.Operand, !holds);
                return;
            case BinaryExpression both when both.Operator == (holds ? BinaryOperator.And : BinaryOperator.Or):
                Assume(both.Left, holds);
                Assume(both.Right, holds);
                return;
        }

        var (fact, affirms) = Fact(condition);
        if (_facts.ContainsKey(fact)) return;
        _facts[fact] = holds == affirms;
        if (condition is NameExpression name && getter(name.Identifier) is { } computed) Assume(computed, holds);
    }

    /// <summary>Whether a tensor is there for certain.</summary>
    public bool IsThere(Expression tensor) => _facts.TryGetValue(new PresenceExpression(tensor, IsThere: true), out var isThere) && isThere;

    /// <summary>Whether a condition holds for certain.</summary>
    public bool Holds(Expression condition) => Evaluate(condition, []) == true;

    private bool? Evaluate(Expression condition, HashSet<string> visiting)
    {
        switch (condition)
        {
            case UnaryExpression { Operator: UnaryOperator.Not } not:
                return !Evaluate(not.Operand, visiting);
            case BinaryExpression { Operator: BinaryOperator.And } both:
                return Evaluate(both.Left, visiting) & Evaluate(both.Right, visiting);
            case BinaryExpression { Operator: BinaryOperator.Or } either:
                return Evaluate(either.Left, visiting) | Evaluate(either.Right, visiting);
        }

        var (fact, affirms) = Fact(condition);
        if (_facts.TryGetValue(fact, out var known)) return known == affirms;
        return condition is NameExpression name && visiting.Add(name.Identifier) && getter(name.Identifier) is { } computed
            ? Evaluate(computed, visiting) : null;
    }

    /// <summary>The fact that a condition is about, in one form, and whether the condition affirms it.</summary>
    private static (Expression Fact, bool Affirms) Fact(Expression condition) =>
        condition is PresenceExpression { IsThere: false } absent ? (absent with { IsThere = true }, false) : (condition, true);
}
