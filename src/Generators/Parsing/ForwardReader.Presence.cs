using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>What may be absent: tensors that a file may lack, and those that go from block to block and the first block is not given.</summary>
internal sealed partial class ForwardReader
{
    /// <summary>Whether the first pass of a loop is read for the shapes that it gives: what is computed from null is then null.</summary>
    private bool _isFirstPass;

    /// <summary>
    /// The shapes of the tensors that are null before a loop and that its first pass sets. It is read for their sake alone, with null in their places,
    /// and leaves nothing behind but reports.
    /// </summary>
    private Dictionary<ISymbol, Shape> FirstPass(ILoopOperation loop, ISymbol symbol, Func<string, Value> element)
    {
        var shapes = new Dictionary<ISymbol, Shape>(SymbolEqualityComparer.Default);
        var absent = AssignedIn(loop.Body).Where(s => s is ILocalSymbol { Type: var type } && type.Is(KnownNames.TensorType)
            && _frame.Locals.TryGetValue(s, out var value) && value is NullValue).ToList();
        if (absent.Count == 0) return shapes;
        var scopes = root.Lists.Values.SelectMany(l => l.Kinds).Append(root)
            .Select(s => (Scope: s, Functions: s.Functions.Keys.ToList(), Lines: s.Lines.Count)).ToList();
        var (frame, isFirstPass, losses, results) = (_frame, _isFirstPass, _losses.Count, _results.ToList());
        (_frame, _isFirstPass) = (frame.Copy(), true);
        var variable = _frame.Unique(symbol.Name);
        _frame.Locals[symbol] = element(variable);
        _frame.OpenLoops.Add(variable);
        ReadStatements(BodyOf(loop), 0);
        foreach (var local in absent)
        {
            if (_frame.Locals[local] is TensorValue tensor) shapes[local] = tensor.Shape;
        }

        (_frame, _isFirstPass) = (frame, isFirstPass);
        _losses.RemoveRange(losses, _losses.Count - losses);
        _results.Clear();
        foreach (var result in results) _results.Add(result.Key, result.Value);
        foreach (var (scope, functions, lines) in scopes)
        {
            foreach (var name in scope.Functions.Keys.Except(functions).ToList()) scope.Functions.Remove(name);
            scope.Lines.RemoveRange(lines, scope.Lines.Count - lines);
        }

        return shapes;
    }

    private static IReadOnlyList<IOperation> BodyOf(ILoopOperation loop) => loop.Body is IBlockOperation block ? block.Operations : [loop.Body];

    /// <summary>What an operation on null is: null in a first pass, else a mistake; null where each operand is a tensor.</summary>
    private Value? NullOperand(IOperation place, IMethodSymbol method, Value? receiver,
        IReadOnlyList<(IParameterSymbol Parameter, Value Value, IOperation Place)> values)
    {
        var (_, value, at) = values.FirstOrDefault(v => v.Value is NullValue && !IsNullable(v.Parameter));
        if (value is null && receiver is not NullValue) return null;
        if (_isFirstPass) return new NullValue();
        NotAllowed(at ?? place, $"it is null for certain where {method.Name} takes a tensor");
        return Value.Error;
    }

    private Value ReadCoalesce(IOperation place, IOperation value, IOperation whenNull)
    {
        if (value is IConditionalAccessOperation access && Read(access.Operation) is ModuleValue or TensorValue { MayBeNull: true } or NullValue)
        {
            var optional = Read(access.Operation);
            if (optional is NullValue) return Read(whenNull);
            return Branch(
                place, new PresenceExpression(ExpressionOf(optional), IsThere: true),
                () =>
                {
                    _frame.Accessed = optional;
                    return Read(access.WhenNotNull);
                },
                () => Read(whenNull)) ?? Value.Error;
        }

        var first = Read(value);
        if (first is NullValue) return Read(whenNull);
        if (first is TensorValue { MayBeNull: true } tensor)
        {
            return Branch(place, new PresenceExpression(tensor.Expression, IsThere: true), () => tensor, () => Read(whenNull)) ?? Value.Error;
        }

        var second = Read(whenNull);
        if (first is ModuleValue a && second is ModuleValue b && a.Declaration.Model.Type == b.Declaration.Model.Type)
        {
            return Coalesce(a, b);
        }

        if (!ReferenceEquals(first, Value.Error) && !ReferenceEquals(second, Value.Error))
        {
            NotAllowed(place, "?? stands between two tensors of one type, or after an optional tensor's ?.Of(...)");
        }

        return Value.Error;
    }

    private static ModuleValue Coalesce(ModuleValue a, ModuleValue b) =>
        new([.. a.Alternatives, .. b.Alternatives], new CoalesceExpression(a.Expression, b.Expression))
        {
            MayBeAbsent = b.MayBeAbsent,
            IsForeign = a.IsForeign || b.IsForeign,
        };

    private Value ReadPattern(IIsPatternOperation pattern) => pattern.Pattern switch
    {
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } => ReadPresence(pattern.Value, present: false),
        INegatedPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } } =>
            ReadPresence(pattern.Value, present: true),
        _ => Refuse(pattern),
    };

    private Value Refuse(IOperation operation)
    {
        NotAllowed(operation, "the only patterns are 'is null' and 'is not null' of an optional tensor");
        return Value.Error;
    }

    private Value ReadPresence(IOperation operand, bool present)
    {
        var value = Read(operand);
        if (value is ModuleValue or TensorValue { MayBeNull: true }) return new ScalarValue(new PresenceExpression(ExpressionOf(value), present));
        if (value is NullValue || (value is TensorValue && MayBeGivenNull(operand)))
        {
            return new ScalarValue(value is NullValue != present ? Expression.True : Expression.False);
        }

        if (!ReferenceEquals(value, Value.Error)) NotAllowed(operand, "only an optional tensor can be asked whether it is there");
        return Value.Error;
    }

    /// <summary>Whether a local or parameter says that it may be null: it may be asked, though what it holds now is known.</summary>
    private static bool MayBeGivenNull(IOperation operand) => Unwrap(operand) switch
    {
        IParameterReferenceOperation parameter => IsNullable(parameter.Parameter),
        ILocalReferenceOperation local => local.Local.NullableAnnotation == NullableAnnotation.Annotated,
        _ => false,
    };

    /// <summary>Whether a tensor may be null where a condition holds, or does not.</summary>
    private static bool MayBeNull(TensorValue tensor, Expression condition, bool holds)
    {
        if (!tensor.MayBeNull) return false;
        var facts = new KnownFacts(_ => null);
        facts.Assume(condition, holds);
        return !facts.IsThere(tensor.Expression);
    }

    /// <summary>The value of <c>a &amp;&amp; b</c> or <c>a || b</c> where one of them is known; else null.</summary>
    private static ScalarValue? Known(ScalarValue a, ScalarValue b, BinaryOperatorKind kind)
    {
        var deciding = kind == BinaryOperatorKind.ConditionalOr;
        if (a.Known == deciding || b.Known == deciding) return new ScalarValue(deciding ? Expression.True : Expression.False);
        return a.Known is not null ? b : b.Known is not null ? a : null;
    }

    /// <summary>What a method gives that two kinds of block have: of one shape, and perhaps null if one of them says so.</summary>
    private Value OfEither(IOperation place, string kind, Value a, Value b)
    {
        switch (a, b)
        {
            case (TensorValue x, TensorValue y):
                if (!x.Shape.Equals(y.Shape)) Report(Descriptors.BranchesDiffer.At(place.Syntax.GetLocation(), kind, y.Shape.ToString(), x.Shape.ToString()));
                return x.MayBeNull ? x : y.MayBeNull ? y : x;
            case (TupleValue x, TupleValue y) when x.Items.Count == y.Items.Count:
                return new TupleValue([.. x.Items.Select((item, i) => OfEither(place, kind, item, y.Items[i]))]);
            case (NullValue, TensorValue y):
                return new TensorValue(y.Shape, y.Expression, y.Id, y.BaseName, y.IsLocal) { MayBeNull = true };
            case (TensorValue x, NullValue):
                return new TensorValue(x.Shape, x.Expression, x.Id, x.BaseName, x.IsLocal) { MayBeNull = true };
            default:
                return a;
        }
    }
}
