using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Functions that are passed to functions: an activation by its name, or <c>h => Mixture.Of(this, h)</c>. They are read where they run.</summary>
internal sealed partial class ForwardReader
{
    private Value ReadFunctionCall(IInvocationOperation invocation, FunctionValue function)
    {
        var arguments = invocation.Arguments.OrderBy(a => a.Parameter?.Ordinal ?? 0).Select(a => a.Value).ToList();
        if (function.Target is IAnonymousFunctionOperation lambda) return ReadLambda(lambda, function.Locals, [.. arguments.Select(Read)]);
        var method = ((IMethodReferenceOperation)function.Target).Method;
        if (method.Attribute(KnownNames.Op) is { } attribute)
        {
            return ReadOp(invocation, method, attribute, null, [.. arguments.Select((a, i) => (method.Parameters[i], a))]);
        }

        if (!method.IsInSource())
        {
            NotAllowed(function.Target, $"'{method.Name}' is neither an operation nor a method of this architecture");
            return Value.Error;
        }

        return ReadBody(method.IsStatic ? method : Resolve(method, _frame.Self.Type), [.. arguments.Select(Read)]);
    }

    private Value ReadLambda(IAnonymousFunctionOperation lambda, Dictionary<ISymbol, Value> captured, IReadOnlyList<Value> arguments)
    {
        var locals = _frame.Locals;
        _frame.Locals = new Dictionary<ISymbol, Value>(captured, SymbolEqualityComparer.Default);
        for (var i = 0; i < arguments.Count; i++) _frame.Locals[lambda.Symbol.Parameters[i]] = arguments[i];
        _frame.Inlining.Add(lambda.Symbol);
        var result = ReadStatements(lambda.Body.Operations, 0);
        _frame.Inlining.RemoveAt(_frame.Inlining.Count - 1);
        _frame.Locals = locals;
        return result ?? Value.Error;
    }
}
