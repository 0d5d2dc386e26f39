using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Rotary embeddings as values: what is stated of them, and the rotations that they become where they are applied.</summary>
internal sealed partial class ForwardReader
{
    /// <summary>The properties that are numbers or truth values, with the parameters of Rope that they are.</summary>
    private static readonly (string Property, string Parameter)[] RotaryNumbers =
        [("FreqBase", "freqBase"), ("IsScaled", "scaled"), ("IsTruncated", "truncated"), ("Dims", "dims"), ("Kind", "kind"), ("IsInverse", "inverse")];

    private IMethodSymbol? _rope;

    /// <summary>The word that a rotary embedding becomes.</summary>
    private IMethodSymbol Rope => _rope ??= compilation.GetTypeByMetadataName(KnownNames.Block)!.GetMembers("Rope").OfType<IMethodSymbol>().Single();

    /// <summary>A property that gives a rotary embedding: the model's, none, or what a block or part states.</summary>
    private Value ReadRotary(IOperation operation, IPropertySymbol property, IOperation? instance)
    {
        if (property.IsStatic && property.ContainingType.Is(KnownNames.RotaryEmbedding)) return NoRotary(operation);
        if (instance is not null && Read(instance) is var owner and not SelfValue)
        {
            if (!ReferenceEquals(owner, Value.Error)) NotAllowed(operation, "a block states its own rotary embedding");
            return Value.Error;
        }

        var isSettled = instance?.Syntax is BaseExpressionSyntax || !(property.IsVirtual || property.IsAbstract || property.IsOverride);
        if (!isSettled) property = InterfaceMembers.Member(_frame.Self.Type, property.Name) ?? property;
        if (property.ContainingType.Is(KnownNames.Block)) return new StatedRotary(new Dictionary<string, (Value, IOperation)>(), operation);
        if (!property.IsInSource())
        {
            Report(Descriptors.NoSource.At(operation.Syntax.GetLocation(), property.Name, property.ContainingAssembly.Name));
            return Value.Error;
        }

        if (HyperParameterTable.GetterExpression(property) is not { } getter)
        {
            NotAllowed(operation, "a rotary embedding is one expression: => Rotary with { FreqBase = 10000 }");
            return Value.Error;
        }

        if (_frame.Inlining.Contains(property.GetMethod!, SymbolEqualityComparer.Default))
        {
            Report(Descriptors.Recursion.At(property.FirstLocation(), property.Name));
            return Value.Error;
        }

        var locals = _frame.Locals;
        _frame.Locals = new Dictionary<ISymbol, Value>(SymbolEqualityComparer.Default);
        _frame.Inlining.Add(property.GetMethod!);
        var value = compilation.SemanticsOf(getter.SyntaxTree).GetOperation(getter, cancellation) is { } computed ? Read(computed) : Value.Error;
        _frame.Inlining.RemoveAt(_frame.Inlining.Count - 1);
        _frame.Locals = locals;
        return value is RotaryValue rotary ? rotary.At(operation) : value;
    }

    /// <summary>Reports a rotation as the model has it, in a block that states its own rotary embedding; null if it states none.</summary>
    private Value? RefusePlainRope(IInvocationOperation rotation, IReadOnlyList<(IParameterSymbol Parameter, IOperation Value)> arguments)
    {
        if (InterfaceMembers.Member(_frame.Self.Type, "Rotary") is not { ContainingType: var own, Type: var type }) return null;
        if (own.Is(KnownNames.Block) || !type.Is(KnownNames.RotaryEmbedding)) return null;
        NotAllowed(rotation, $"it rotates as the model does, and {own.Name} states its own Rotary; write Rotary.Of({OneLine(arguments[0].Value.Syntax)})");
        return Value.Error;
    }

    private static StatedRotary NoRotary(IOperation place)
    {
        var none = new ScalarValue(new MemberExpression(new NameExpression(nameof(RopeKind)), nameof(RopeKind.None)));
        return new StatedRotary(new Dictionary<string, (Value, IOperation)> { ["Kind"] = (none, place) }, place);
    }

    /// <summary>A rotary embedding with what differs from another.</summary>
    private Value ReadWith(IWithOperation with)
    {
        if (Read(with.Operand) is not RotaryValue rotary) return Value.Error;
        var stated = with.Initializer.Initializers.OfType<ISimpleAssignmentOperation>().Where(a => a.Target is IPropertyReferenceOperation)
            .Select(a => (((IPropertyReferenceOperation)a.Target).Property.Name, Value: Read(a.Value), Place: a)).ToList();
        if (stated.Any(s => ReferenceEquals(s.Value, Value.Error))) return Value.Error;
        if (stated.Count > 0 && stated.All(s => s.Name != "Kind"))
        {
            var isStatedNone = rotary is StatedRotary { IsNone: true };
            if (isStatedNone || (rope == RopeKind.None && IsOfArchitecture(with.Syntax)))
            {
                NotAllowed(stated[0].Place, isStatedNone ? "it says nothing of RotaryEmbedding.None, which rotates nothing; begin with Rotary"
                    : "it says nothing where [Architecture] has Rope = RopeKind.None, which rotates nothing; state the kind there, or leave this out");
                return Value.Error;
            }
        }

        return With(rotary);

        RotaryValue With(RotaryValue value)
        {
            if (value is ChosenRotary chosen) return new ChosenRotary(chosen.Condition, With(chosen.Then), With(chosen.Otherwise), with);
            var all = ((StatedRotary)value).Stated.ToDictionary(s => s.Key, s => s.Value);
            foreach (var (name, set, place) in stated) all[name] = (set, place.Value);
            return new StatedRotary(all, with);
        }
    }

    /// <summary>A number of a rotary embedding: what is stated, or the model's; null if it is no number, or the architecture's kind.</summary>
    private ScalarValue? NumberOf(StatedRotary rotary, string name) => rotary.Stated.TryGetValue(name, out var stated) ? stated.Value as ScalarValue
        : name switch
        {
            "Dims" => new ScalarValue(new NameExpression("RopeDims"), hyperParameters.Resolve("RopeDims")),
            "FreqBase" => new ScalarValue(new NameExpression("RopeFreqBase"), hyperParameters.Resolve("RopeFreqBase")),
            "IsScaled" or "IsTruncated" => new ScalarValue(Expression.True),
            "IsInverse" => new ScalarValue(Expression.False),
            _ => null,
        };

    /// <summary>A number that is read from a rotary embedding.</summary>
    private Value ReadOfRotary(IOperation operation, string name, RotaryValue rotary)
    {
        if (rotary is StatedRotary stated && NumberOf(stated, name) is { } number) return number;
        NotAllowed(operation, "of a rotary embedding, Dims and FreqBase can be read, where no condition decides on it");
        return Value.Error;
    }

    /// <summary>Either of two: where they differ in numbers, one with the numbers of either.</summary>
    private RotaryValue Join(IOperation place, Expression condition, RotaryValue a, RotaryValue b)
    {
        if (a is not StatedRotary { IsNone: false } x || b is not StatedRotary { IsNone: false } y) return new ChosenRotary(condition, a, b, place);
        var all = new Dictionary<string, (Value, IOperation)>();
        foreach (var name in x.Stated.Keys.Union(y.Stated.Keys).ToList())
        {
            var written = x.Stated.TryGetValue(name, out var ofX) ? ofX.Place : y.Stated[name].Place;
            if (x.Stated.ContainsKey(name) && y.Stated.TryGetValue(name, out var ofY) && ExpressionOf(ofX.Value).Equals(ExpressionOf(ofY.Value)))
            {
                all[name] = ofX;
                continue;
            }

            if (NumberOf(x, name) is not { } first || NumberOf(y, name) is not { } second) return new ChosenRotary(condition, a, b, place);
            var dim = first.Dim is not null && first.Dim.Equals(second.Dim) ? first.Dim : null;
            all[name] = (first.Known is { } then && second.Known == !then ? new ScalarValue(then ? condition : condition.Negate())
                : new ScalarValue(new ConditionalExpression(condition, first.Expression, second.Expression), dim), written);
        }

        return new StatedRotary(all, place);
    }

    /// <summary>A call of a rotary embedding: its Of, or the function that a part takes it for.</summary>
    private Value ReadRotation(IInvocationOperation invocation, RotaryValue rotary)
    {
        if (invocation.TargetMethod.Name is not ("Of" or "Invoke") || invocation.Arguments.Length != 1)
        {
            NotAllowed(invocation, $"'{invocation.TargetMethod.Name}' is not an operation");
            return Value.Error;
        }

        var x = Read(invocation.Arguments[0].Value);
        if (ReferenceEquals(x, Value.Error)) return x;
        var place = IsInHelper ? rotary.Place : invocation;
        // What is stated in the block is wrong there, not in the part that applies it.
        _frame.Inlining.Add(Rope);
        var result = Rotate(place, rotary, x);
        _frame.Inlining.RemoveAt(_frame.Inlining.Count - 1);
        return result;
    }

    private Value Rotate(IOperation place, RotaryValue rotary, Value x)
    {
        if (rotary is ChosenRotary chosen)
        {
            return Branch(place, chosen.Condition, () => Rotate(place, chosen.Then, x), () => Rotate(place, chosen.Otherwise, x)) ?? Value.Error;
        }

        var stated = (StatedRotary)rotary;
        if (stated.IsNone || (rope == RopeKind.None && !stated.Stated.ContainsKey("Kind"))) return x;
        if (FactorsOf(stated) is not (true, var factors)) return Value.Error;
        var arguments = new List<(IParameterSymbol, Value, IOperation)> { (Rope.Parameters[0], x, place) };
        if (factors is not null) arguments.Add((Rope.Parameters[1], factors, place));
        foreach (var (property, name) in RotaryNumbers.Where(n => stated.Stated.ContainsKey(n.Property)))
        {
            var (value, written) = stated.Stated[property];
            var parameter = Rope.Parameters.Single(p => p.Name == name);
            if (value is not ScalarValue { Known: { } known } || !Equals(parameter.ExplicitDefaultValue, known)) arguments.Add((parameter, value, written));
        }

        return ReadCall(new OperationCall(place, Rope, Rope.Attribute(KnownNames.Op)!, null, null, arguments));
    }

    /// <summary>The divisors of a rotary embedding, which may be none; not sound if that was reported.</summary>
    private (bool IsSound, ModuleValue? Factors) FactorsOf(StatedRotary rotary)
    {
        ModuleValue? Of(string name) => rotary.Stated.TryGetValue(name, out var stated) ? stated.Value as ModuleValue : null;
        ModuleValue? all = Of("Factors"), ofLong = Of("LongFactors"), ofShort = Of("ShortFactors");
        if (ofLong is null != ofShort is null)
        {
            NotAllowed(rotary.Stated[ofLong is null ? "ShortFactors" : "LongFactors"].Place, "LongFactors and ShortFactors go together");
            return (false, null);
        }

        if (ofLong is null) return (true, all);
        hyperParameters.Use(KnownNames.ContextLength);
        var length = new MemberExpression(new NameExpression("g"), KnownNames.SequenceLength);
        var isLong = new BinaryExpression(BinaryOperator.Greater, length, OriginalContextOf(rotary));
        return Join(rotary.Place, "factors", isLong, ofLong, ofShort!, [], []) is not ModuleValue byLength ? (false, null)
            : (true, all is null ? byLength : Coalesce(all, byLength));
    }

    private Expression OriginalContextOf(StatedRotary rotary)
    {
        if (rotary.Stated.TryGetValue("OriginalContext", out var stated)) return ExpressionOf(stated.Value);
        hyperParameters.Use("RopeScaling");
        return new MemberExpression(new NameExpression("RopeScaling"), "OriginalContext");
    }
}
