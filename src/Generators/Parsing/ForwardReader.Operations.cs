using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

internal sealed partial class ForwardReader
{
    private Value ReadInvocation(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        if (method.Attribute(KnownNames.Op) is { } attribute)
        {
            var arguments = invocation.Arguments.Where(a => a.ArgumentKind == ArgumentKind.Explicit && a.Parameter is not null).Select(a => (a.Parameter!, a.Value)).ToList();
            // A variant of a model that rotates says None, and the calls that it inherits are then no operation.
            return rope == RopeKind.None && OpOf(attribute) == Op.Rope ? Read(arguments[0].Value) : ReadOp(invocation, method, attribute, invocation.Instance, arguments);
        }

        if (invocation.Instance is { } instance && Unwrap(instance) is not IInstanceReferenceOperation)
        {
            var owner = Read(instance);
            if (owner is BlockValue block) return ReadBlockCall(invocation, block);
            if (owner is BlockListValue blocks && method.Name == "Of") return ReadBlocks(invocation, blocks);
            if (!ReferenceEquals(owner, Value.Error)) NotAllowed(invocation, $"'{method.Name}' is not an operation");
            return Value.Error;
        }

        if (method.ReturnType.SpecialType is SpecialType.System_Int32 or SpecialType.System_Single or SpecialType.System_Boolean) return ReadScalarCall(invocation);
        if (!method.IsInSource())
        {
            if (method.ContainingType.Chain().Any(t => t.Attribute(KnownNames.Architecture) is not null || t.ContainingType?.Attribute(KnownNames.Architecture) is not null))
            {
                Report(Descriptors.NoSource.At(invocation.Syntax.GetLocation(), method.Name));
                return Value.Error;
            }

            NotAllowed(invocation, $"'{method.Name}' is neither an operation nor a method of this architecture");
            return Value.Error;
        }

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

    private static Op OpOf(AttributeData attribute) => (Op)(int)attribute.ConstructorArguments[0].Value!;

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
        if (arguments.Any(a => a is not ScalarValue))
        {
            if (!arguments.Any(a => ReferenceEquals(a, Value.Error))) NotAllowed(invocation, "a graph cannot depend on a tensor's values");
            return Value.Error;
        }

        var code = string.Join(", ", arguments.Select(CodeOf));
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
            return new ScalarValue($"{(method.IsStatic && !isInherited ? method.ContainingType.InFull() + "." : "")}{method.Identifier()}({code})");
        }

        if (method.ContainingType.Is(KnownNames.Words)) return new ScalarValue($"{method.Name}({code})");
        if (method.ContainingType.ToDisplayString() is "System.Math" or "System.MathF") return new ScalarValue($"global::{method.ContainingType.ToDisplayString()}.{method.Name}({code})");
        NotAllowed(invocation, "numbers may be computed with the language's own functions, Math and MathF");
        return Value.Error;
    }

    /// <summary>Applies an operation: reads its operands, checks their shapes, names its node, writes it down.</summary>
    private Value ReadOp(IOperation place, IMethodSymbol method, AttributeData attribute, IOperation? instance, IReadOnlyList<(IParameterSymbol Parameter, IOperation Value)> arguments)
    {
        var spec = OpTable.Of(OpOf(attribute));
        var receiver = instance is null || Unwrap(instance) is IInstanceReferenceOperation ? null
            : instance is IConditionalAccessInstanceOperation ? _frame.Accessed
            : Read(instance);
        var values = arguments.Select(a => (a.Parameter, Value: Read(a.Value), Place: a.Value)).ToList();
        if (ReferenceEquals(receiver, Value.Error) || values.Any(v => ReferenceEquals(v.Value, Value.Error))) return Value.Error;

        if (NullOperand(place, method, receiver, values) is { } missing) return missing;
        foreach (var read in attribute.NamedArguments.FirstOrDefault(a => a.Key == "Reads").Value is { IsNull: false, Kind: TypedConstantKind.Array } reads ? reads.Values : [])
        {
            hyperParameters.Use((string)read.Value!);
        }

        if (!CheckModule(instance ?? place, receiver)) return Value.Error;
        foreach (var (parameter, value, at) in values)
        {
            if (!IsNullable(parameter) && !CheckModule(at, value)) return Value.Error;
        }

        if (spec.Op == Op.Rope && rope == RopeKind.Unstated && !_ropeReported)
        {
            _ropeReported = true;
            // What a variant leaves out is missing there, not where its base rotates.
            var isOwn = architecture.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == place.Syntax.SyntaxTree && r.Span.Contains(place.Syntax.Span));
            Report(Descriptors.RopeUnstated.At(isOwn ? place.Syntax.GetLocation() : architecture.Attribute(KnownNames.Architecture)!.Location(), architecture.Name));
            return Value.Error;
        }

        if (method.ReturnType is INamedTypeSymbol { IsTupleType: true } && receiver is TensorValue whole) return ReadSplit(place, whole, instance!, [.. values.Select(v => v.Value)]);

        var operands = new Shape?[spec.Operands.Count];
        var sources = new List<OperandModel>();
        var places = new IOperation?[spec.Operands.Count];
        var given = new Value?[spec.Operands.Count];
        for (var slot = 0; slot < operands.Length; slot++)
        {
            var name = spec.Operands[slot].Name;
            var index = values.FindIndex(v => v.Parameter.Name == name || (name == "ids" && v.Value is TokensValue));
            if (index >= 0)
            {
                given[slot] = values[index].Value;
                operands[slot] = ShapeOf(values[index].Value);
                sources.AddRange(Operands(slot, values[index].Value));
                places[slot] = values[index].Place;
            }
            else if (receiver is ModuleValue module && spec.Operands[slot].Slot is Slot.Weight or Slot.Table)
            {
                operands[slot] = module.Declaration.Shape;
                sources.AddRange(Operands(slot, module));
                places[slot] = instance;
            }
            else if (slot == 0 && receiver is TensorValue tensor)
            {
                given[slot] = tensor;
                operands[slot] = tensor.Shape;
                sources.AddRange(Operands(slot, tensor));
                places[slot] = instance;
            }
        }

        if (!CheckHeads(spec.Op, operands, places, given, spec.Op == Op.Heads ? AttributeDim(Attr.Count, values, attribute) : null, place)) return Value.Error;
        Shape shape;
        try
        {
            shape = OpTable.Infer(spec.Op, operands, key => AttributeDim(key, values, attribute));
        }
        catch (ShapeException error)
        {
            var isOfOne = error.Operand >= 0 && error.Operand < places.Length;
            var at = ((isOfOne ? HeadsOf(spec.Op, given[error.Operand]) ?? places[error.Operand]?.Syntax : null) ?? place.Syntax).GetLocation();
            var declared = DeclaredOf(receiver) ?? (isOfOne ? DeclaredOf(given[error.Operand]) : null);
            var isAtFault = spec.Op == Op.ExpertLinear && FitsSwapped(operands);
            ReportOfTensor(Descriptors.ShapeMismatch, at, declared, isAtFault, Explain(error, spec, operands, receiver));
            return Value.Error;
        }

        var node = NodeName(spec, attribute, receiver, [.. values.Select(v => v.Value)]);
        var code = Code(place, method, receiver, [.. values.Select(v => (v.Parameter, v.Value))]);
        var result = Emit(place, node, code, spec, shape, sources);
        if (!_applied.TryGetValue(spec.Op, out var known) || !IsOwn(known)) _applied[spec.Op] = place.Syntax;
        if (spec.Op == Op.Heads) _frame.SplitsIntoHeads[result.Code] = place.Syntax;
        var operandValues = values.Select(v => v.Value).ToList();
        _frame.Flow.Add(result.Code, operandValues.Prepend(receiver).OfType<TensorValue>().Select(t => t.Code), StreamOf(spec.Op, receiver, operandValues),
            place.Syntax, isSum: spec.Op == Op.Add);
        if (operandValues.Any(v => v is StateValue)) _frame.Flow.Keep(result.Code);
        return result;
    }

    /// <summary>Where a value comes from: a variable, or the leaves that it may be.</summary>
    private IEnumerable<OperandModel> Operands(int slot, Value value) => value switch
    {
        ModuleValue module => module.Alternatives.Select(d => new OperandModel(slot, nameof(Op.Weight), d.Model.FileName, d.Shape.ToString(), root.Tensors.ContainsValue(d))),
        StateValue state => [new OperandModel(slot, nameof(Op.State), state.Declaration.Model.Name, state.Declaration.Shape.ToString(), false)],
        TokensValue => [new OperandModel(slot, nameof(Op.Tokens), "tokens", new Shape(_frame.Tokens).ToString(), true)],
        TensorValue { BaseName: "positions", IsLocal: false } positions => [new OperandModel(slot, nameof(Op.Positions), positions.BaseName, positions.Shape.ToString(), true)],
        TensorValue { BaseName: "segments", IsLocal: false } segments => [new OperandModel(slot, nameof(Op.Segments), segments.BaseName, segments.Shape.ToString(), true)],
        TensorValue tensor => [new OperandModel(slot, "", tensor.Code, "", false)],
        _ => [],
    };

    private TensorValue Emit(IOperation place, string node, string code, OpSpec spec, Shape shape, IEnumerable<OperandModel> operands)
    {
        node = _frame.UniqueNode(node);
        _frame.Self.Lines.Add(SourcePlaces.LineOf(node, place.Syntax));
        var variable = _frame.Unique(node);
        _frame.Emit(new OpStatement(variable, node, code, spec.Op.ToString(), spec.Word, shape.ToString(), operands.ToEquatable()));
        return new TensorValue(shape, variable, BaseOf(node), isLocal: true);
    }

    private static string BaseOf(string node) => node.IndexOf(" (", StringComparison.Ordinal) is var end and > 0 ? node.Substring(0, end) : node;

    private static string Explain(ShapeException error, OpSpec spec, Shape?[] operands, Value? receiver)
    {
        var module = receiver is ModuleValue value ? $" '{value.Declaration.Property.Name}' {value.Declaration.Model.Dims}" : "";
        var shapes = string.Join(", ", spec.Operands.Select((operand, i) => operands[i] is { } shape ? $"{operand.Name} {shape}" : null).Where(s => s is not null));
        return $"{error.Message} ({spec.Word}{module}: {shapes})";
    }

    private Dim? AttributeDim(Attr key, IReadOnlyList<(IParameterSymbol Parameter, Value Value, IOperation Place)> values, AttributeData attribute)
    {
        var name = key.ToString();
        foreach (var (parameter, value, _) in values)
        {
            if (string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)) return (value as ScalarValue)?.Dim ?? Dim.Symbol(CodeOf(value));
        }

        // What the method reads by itself: Rope's Dims is the hyper-parameter RopeDims.
        var reads = attribute.NamedArguments.FirstOrDefault(a => a.Key == "Reads").Value;
        var implied = reads is { IsNull: false, Kind: TypedConstantKind.Array } ? reads.Values.Select(v => (string)v.Value!).FirstOrDefault(v => v.EndsWith(name, StringComparison.Ordinal)) : null;
        return implied is null ? null : hyperParameters.Resolve(implied);
    }

    private Shape? ShapeOf(Value value) => value switch
    {
        TensorValue tensor => tensor.Shape,
        ModuleValue module => module.Declaration.Shape,
        StateValue state => state.Declaration.Shape,
        TokensValue => new Shape(_frame.Tokens),
        _ => null,
    };

    /// <summary>
    /// A module's node has the tensor's name. Any other is named after an operand: attn_q (rope). A sum is named after what it adds to the stream.
    /// </summary>
    private static string NodeName(OpSpec spec, AttributeData attribute, Value? receiver, IReadOnlyList<Value> values)
    {
        if (attribute.Named<string>("Node") is { } own) return own;
        if (receiver is ModuleValue module) return module.Declaration.Model.Name;
        var tensors = values.Prepend(receiver).OfType<TensorValue>().ToList();
        var local = spec.Op == Op.Add ? tensors.LastOrDefault(t => t.IsLocal) : tensors.FirstOrDefault(t => t.IsLocal);
        return $"{(local ?? tensors.FirstOrDefault())?.BaseName ?? "value"} ({spec.Word})";
    }

    private static string Code(IOperation place, IMethodSymbol method, Value? receiver, IReadOnlyList<(IParameterSymbol Parameter, Value Value)> values)
    {
        if (method.MethodKind is MethodKind.UserDefinedOperator)
        {
            if (values.Count == 1) return $"-{OperandOf(values[0].Value)}";
            var kind = place is ICompoundAssignmentOperation compound ? compound.OperatorKind : ((IBinaryOperation)place).OperatorKind;
            return $"{OperandOf(values[0].Value)} {Symbol(kind)} {OperandOf(values[1].Value)}";
        }

        var ordered = values.OrderBy(v => v.Parameter.Ordinal).ToList();
        var arguments = ordered.Select(v => v.Parameter.HasExplicitDefaultValue ? $"{v.Parameter.Name}: {CodeOf(v.Value)}" : CodeOf(v.Value));
        var call = $"{method.Name}({string.Join(", ", arguments)})";
        return receiver is null ? call : $"{CodeOf(receiver)}.{call}";

        static string OperandOf(Value value) => value is ScalarValue scalar ? scalar.Operand : CodeOf(value);
    }

    private Value ReadSplit(IOperation place, TensorValue whole, IOperation instance, IReadOnlyList<Value> sizes)
    {
        var names = _frame.PartNames;
        _frame.PartNames = null;
        Dim sum = 0;
        foreach (var size in sizes.OfType<ScalarValue>()) sum += size.Dim ?? Dim.Symbol(size.Code);
        if (!sum.Equals(whole.Shape.Last))
        {
            var at = place.Syntax is InvocationExpressionSyntax call ? call.ArgumentList : place.Syntax;
            ReportOfTensor(Descriptors.SplitSizes, at.GetLocation(), DeclaredOf(whole), isAtFault: false, sum.ToString(), instance.Syntax.ToString(), whole.Shape.Last.ToString());
            return Value.Error;
        }

        var parts = new List<Value>();
        var start = "0";
        var split = whole.Code + " split at " + place.Syntax.SpanStart.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _frame.Flow.Add(split, [whole.Code], [whole.Code], place.Syntax);
        for (var i = 0; i < sizes.Count; i++)
        {
            var size = (ScalarValue)sizes[i];
            var named = names is not null && i < names.Count ? names[i] : null;
            var part = named is not null ? named.Value.Name.ToSnakeCase() : "part " + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var result = Emit(place, $"{whole.BaseName} ({part})", $"{whole.Code}.Slice({start}, {size.Code})", OpTable.Of(Op.Slice),
                whole.Shape.WithLast(size.Dim ?? Dim.Symbol(size.Code)), Operands(0, whole));
            _frame.Flow.AddPart(result.Code, split, named?.Place);
            parts.Add(result);
            start = i == 0 ? size.Operand : $"{start} + {size.Operand}";
        }

        return new TupleValue(parts);
    }
}
