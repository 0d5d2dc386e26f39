using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Branches: what both may compute, joined.</summary>
internal sealed partial class ForwardReader
{
    /// <summary>Reads two alternatives and joins what they compute: their results, and the locals that they set.</summary>
    private Value? Branch(IOperation place, Expression condition, Func<Value?> then, Func<Value?> otherwise)
    {
        if (condition is ConstantExpression { Value: bool isThen }) return isThen ? then() : otherwise();
        var before = new Dictionary<ISymbol, Value>(_frame.Locals, SymbolEqualityComparer.Default);
        var outer = _frame.Statements;
        var names = new HashSet<string>(_frame.Nodes, StringComparer.Ordinal);

        var (thenStatements, thenLocals, thenResult) = Alternative(then, holds: true);
        var thenNames = _frame.Nodes;
        var (elseStatements, elseLocals, elseResult) = Alternative(otherwise, holds: false);
        _frame.Nodes.UnionWith(thenNames);
        _frame.Statements = outer;
        _frame.Locals = before;

        foreach (var local in before.Keys.ToList())
        {
            Value a = thenLocals[local], b = elseLocals[local];
            if (ReferenceEquals(a, b)) continue;
            before[local] = Join(place, local.Name, condition, a, b, thenStatements, elseStatements);
        }

        var result = thenResult is null && elseResult is null ? null
            : thenResult is null || elseResult is null ? Value.Error
            : Join(place, "result", condition, thenResult, elseResult, thenStatements, elseStatements);
        if (thenStatements.Count + elseStatements.Count > 0)
        {
            _frame.Emit(new IfStatement(condition, thenStatements.ToEquatable(), elseStatements.ToEquatable()));
        }

        return result;

        (List<Statement> Statements, Dictionary<ISymbol, Value> Locals, Value? Result) Alternative(Func<Value?> read, bool holds)
        {
            _frame.Conditions.Add((condition, holds));
            _frame.Statements = [];
            _frame.Locals = new Dictionary<ISymbol, Value>(before, SymbolEqualityComparer.Default);
            _frame.Nodes = new HashSet<string>(names, StringComparer.Ordinal);
            var value = read();
            _frame.Conditions.RemoveAt(_frame.Conditions.Count - 1);
            return (_frame.Statements, _frame.Locals, value);
        }
    }

    private Value Join(IOperation place, string name, Expression condition, Value a, Value b, List<Statement> then, List<Statement> otherwise)
    {
        if (ReferenceEquals(a, Value.Error) || ReferenceEquals(b, Value.Error)) return Value.Error;
        switch (a, b)
        {
            case (NullValue, NullValue):
                return a;
            case (ScalarValue x, ScalarValue y):
                return new ScalarValue(new ConditionalExpression(condition, x.Expression, y.Expression),
                    x.Dim is not null && x.Dim.Equals(y.Dim) ? x.Dim : null);
            case (ModuleValue x, ModuleValue y) when x.Declaration.Model.Type == y.Declaration.Model.Type && x.Declaration.Shape.Equals(y.Declaration.Shape):
                var (mayBeAbsent, isForeign) = (x.MayBeAbsent || y.MayBeAbsent, x.IsForeign || y.IsForeign);
                var either = new ConditionalExpression(condition, x.Expression, y.Expression);
                return new ModuleValue([.. x.Alternatives, .. y.Alternatives], either) { MayBeAbsent = mayBeAbsent, IsForeign = isForeign };
            case (RotaryValue x, RotaryValue y):
                return Join(place, condition, x, y);
            case (TensorValue x, TensorValue y):
                if (!x.Shape.Equals(y.Shape))
                {
                    Report(Descriptors.BranchesDiffer.At(place.Syntax.GetLocation(), name, x.Shape.ToString(), y.Shape.ToString()));
                    return Value.Error;
                }

                var mayBeNull = MayBeNull(x, condition, holds: true) || MayBeNull(y, condition, holds: false);
                return Choose(name, x, y, mayBeNull, then, otherwise);
            case (TensorValue x, NullValue):
                return Choose(name, x, null, mayBeNull: true, then, otherwise);
            case (NullValue, TensorValue y):
                return Choose(name, null, y, mayBeNull: true, then, otherwise);
            case (TupleValue x, TupleValue y) when x.Items.Count == y.Items.Count:
                return new TupleValue([.. x.Items.Select((item, i) => Join(place, $"{name}{i}", condition, item, y.Items[i], then, otherwise))]);
            default:
                NotAllowed(place, "both branches must give values of the same kind");
                return Value.Error;
        }
    }

    /// <summary>A variable that either branch sets, one of them perhaps to null.</summary>
    private TensorValue Choose(string name, TensorValue? a, TensorValue? b, bool mayBeNull, List<Statement> then, List<Statement> otherwise)
    {
        var (first, second) = (a ?? b!, b ?? a!);
        var like = first.IsLocal ? first : second;
        var variable = _frame.Unique(name);
        _frame.Emit(new DeclareStatement(variable, null));
        _frame.Flow.AddChoice(variable, first.Id, second.Id);
        then.Add(new AssignStatement(variable, a?.Expression ?? Expression.Null));
        otherwise.Add(new AssignStatement(variable, b?.Expression ?? Expression.Null));
        return new TensorValue(like.Shape, variable, like.BaseName, like.IsLocal) { MayBeNull = mayBeNull };
    }
}
