using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Calls: of operations, of helpers, which are inlined, of blocks, and of functions on numbers.</summary>
internal sealed partial class ForwardReader
{
    private Value ReadInvocation(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        if (method.Attribute(KnownNames.Op) is { } attribute)
        {
            var arguments = invocation.Arguments.Where(a => a.ArgumentKind == ArgumentKind.Explicit && a.Parameter is not null)
                .Select(a => (a.Parameter!, a.Value)).ToList();
            if (OperationCall.OpOf(attribute) == Op.Rope && RefusePlainRope(invocation, arguments) is { } refused) return refused;
            // A variant of a model that rotates says None, and the calls that it inherits are then no operation.
            return rope == RopeKind.None && OperationCall.OpOf(attribute) == Op.Rope && !StatesKind(arguments) ? Read(arguments[0].Value)
                : ReadOp(invocation, method, attribute, invocation.Instance, arguments);
        }

        if (invocation.Instance is { } instance && Unwrap(instance) is not IInstanceReferenceOperation)
        {
            var owner = Read(instance);
            if (owner is FunctionValue function) return ReadFunctionCall(invocation, function);
            if (owner is RotaryValue rotary) return ReadRotation(invocation, rotary);
            if (owner is BlockValue block) return ReadBlockCall(invocation, block);
            if (owner is BlockListValue blocks && method.Name == "Of") return ReadBlocks(invocation, blocks);
            if (!ReferenceEquals(owner, Value.Error)) NotAllowed(invocation, $"'{method.Name}' is not an operation");
            return Value.Error;
        }

        if (method.ReturnType.SpecialType is SpecialType.System_Int32 or SpecialType.System_Single or SpecialType.System_Boolean)
        {
            return ReadScalarCall(invocation);
        }

        return method.IsInSource() ? ReadHelper(invocation, method) : RefuseForeign(invocation, method);
    }

    /// <summary>Whether a rotation states its kind; if not, it is the architecture's.</summary>
    private static bool StatesKind(IEnumerable<(IParameterSymbol Parameter, IOperation Value)> arguments) =>
        arguments.Any(a => a.Parameter.Name == "kind" && Unwrap(a.Value) is not { ConstantValue: { HasValue: true, Value: null } });

    /// <summary>Reports a call of a method without a body here: of an architecture in another project, or of none.</summary>
    private Value RefuseForeign(IInvocationOperation invocation, IMethodSymbol method)
    {
        var isOfArchitecture = method.ContainingType.Chain()
            .Any(t => t.Attribute(KnownNames.Architecture) is not null || t.ContainingType?.Attribute(KnownNames.Architecture) is not null);
        if (CarriedLanguage.IsOther(method.ContainingAssembly))
        {
            Report(CarriedLanguage.Report(method.ContainingAssembly, invocation.Syntax.GetLocation()));
        }
        else if (isOfArchitecture || (method.ContainingType.DerivesFrom(KnownNames.OpVocabulary) && CarriedLanguage.IsLibrary(method.ContainingAssembly)))
        {
            Report(CarriedLanguage.Missing(method, invocation.Syntax.GetLocation()));
        }
        else
        {
            NotAllowed(invocation, $"'{method.Name}' is neither an operation nor a method of this architecture");
        }

        return Value.Error;
    }

    /// <summary>Reads a helper in the place of its call.</summary>
    private Value ReadHelper(IInvocationOperation invocation, IMethodSymbol method)
    {
        var values = new Value[method.Parameters.Length];
        foreach (var argument in invocation.Arguments)
        {
            if (argument.Parameter is { } parameter) values[parameter.Ordinal] = Read(argument.Value);
        }

        var call = _frame.CallLocation;
        if (!IsInHelper) _frame.CallLocation = invocation.Syntax.GetLocation();
        var isBase = invocation.Instance?.Syntax is BaseExpressionSyntax;
        var result = ReadBody(isBase || method.IsStatic ? method : Resolve(method, _frame.Self.Type), [.. values.Select(v => v ?? Value.Error)]);
        _frame.CallLocation = call;
        return result;
    }

    /// <summary>The override that runs on an object of the given type.</summary>
    private static IMethodSymbol Resolve(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (!method.IsVirtual && !method.IsAbstract && !method.IsOverride) return method;
        var slot = Slot(method);
        foreach (var t in type.Chain().Reverse())
        {
            foreach (var candidate in t.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                if (SymbolEqualityComparer.Default.Equals(Slot(candidate), slot)) return candidate;
            }
        }

        return method;

        static IMethodSymbol Slot(IMethodSymbol m)
        {
            while (m.OverriddenMethod is { } overridden) m = overridden;
            return m.OriginalDefinition;
        }
    }

    /// <summary>Whether it takes the stream and nothing else: what <c>Layers.Of(x)</c> runs, whatever the class of the block.</summary>
    private static bool IsOfEveryBlock(IMethodSymbol method) => method.ContainingType.DerivesFrom(KnownNames.Block) && method.IsForwardOfStream();

    /// <summary>A call that gives a number or truth value: a function of the language, or a method of the architecture. Generated code calls it too.</summary>
    private Value ReadScalarCall(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        var arguments = invocation.Arguments.OrderBy(a => a.Parameter?.Ordinal ?? 0).Select(a => Read(a.Value)).ToList();
        // A number of a part follows from what the block has.
        if (arguments.Any(a => a is SelfValue) && method.IsInSource()) return ReadHelper(invocation, method);
        if (arguments.Any(a => a is not ScalarValue))
        {
            if (!arguments.Any(a => ReferenceEquals(a, Value.Error))) NotAllowed(invocation, "a graph cannot depend on a tensor's values");
            return Value.Error;
        }

        var given = arguments.Select(ExpressionOf).ToArray();
        if (method.IsInSource())
        {
            if (method is not { MethodKind: MethodKind.Ordinary, IsGenericMethod: false })
            {
                NotAllowed(invocation, "only plain methods of a class can be called");
                return Value.Error;
            }

            hyperParameters.UseAllIn(method);
            if (!IsReachable(method)) return Value.Error;
            var isInherited = _frame.Self.Type.Chain().Contains(method.ContainingType, SymbolEqualityComparer.Default);
            var owner = method.IsStatic && !isInherited ? new NameExpression(method.ContainingType.InFull()) : null;
            return new ScalarValue(Expression.Call(owner, method.Identifier(), given));
        }

        if (method.ContainingType.Is(KnownNames.OpVocabulary)) return new ScalarValue(Expression.Call(null, method.Name, given));
        if (method.ContainingType.ToDisplayString() is "System.Math" or "System.MathF")
        {
            return new ScalarValue(Expression.Call(new NameExpression(method.ContainingType.InFull()), method.Name, given));
        }

        NotAllowed(invocation, "numbers may be computed with the language's own functions, Math and MathF");
        return Value.Error;
    }
}
