using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using ArchGen.Generators.Notation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Operations: their operands, the shape of their result, the node that they become.</summary>
internal sealed partial class ForwardReader
{
    /// <summary>Applies an operation: reads its operands, checks their shapes, names its node, writes it down.</summary>
    private Value ReadOp(
        IOperation place, IMethodSymbol method, AttributeData attribute, IOperation? instance,
        IReadOnlyList<(IParameterSymbol Parameter, IOperation Value)> arguments)
    {
        var receiver = instance is null || Unwrap(instance) is IInstanceReferenceOperation ? null
            : instance is IConditionalAccessInstanceOperation ? _frame.Accessed
            : Read(instance);
        return ReadCall(new OperationCall(place, method, attribute, instance, receiver, [.. arguments.Select(a => (a.Parameter, Read(a.Value), a.Value))]));
    }

    private Value ReadCall(OperationCall call)
    {
        var (place, method, receiver) = (call.Place, call.Method, call.Receiver);
        if (ReferenceEquals(receiver, Value.Error) || call.Values.Any(v => ReferenceEquals(v, Value.Error))) return Value.Error;
        if (NullOperand(place, method, receiver, call.Arguments) is { } missing) return missing;
        foreach (var read in call.Reads) hyperParameters.Use(read);
        if (!CheckModules(call) || !CheckRope(call)) return Value.Error;
        if (method.ReturnType is INamedTypeSymbol { IsTupleType: true } && receiver is TensorValue whole)
        {
            return ReadSplit(place, whole, call.Instance!, [.. call.Values]);
        }

        FillSlots(call);
        if (!ReadCache(call) || !CheckHeads(call) || InferShape(call) is not { } shape) return Value.Error;
        return Apply(call, shape);
    }

    /// <summary>Checks the declared tensors that an operation is given; false if one was reported as an error.</summary>
    private bool CheckModules(OperationCall call) =>
        CheckModule(call.Instance ?? call.Place, call.Receiver)
        && call.Arguments.All(a => IsNullable(a.Parameter) || CheckModule(a.Place, a.Value));

    /// <summary>Whether the kind of a rotation is stated; reports once that it is not.</summary>
    private bool CheckRope(OperationCall call)
    {
        if (call.Op != Op.Rope || rope != RopeKind.Unstated || _ropeReported) return true;
        if (StatesKind(call.Arguments.Select(a => (a.Parameter, a.Place)))) return true;
        _ropeReported = true;
        var syntax = call.Place.Syntax;
        // What a variant leaves out is missing there, not where its base rotates.
        var place = IsOfArchitecture(syntax) ? syntax.GetLocation() : architecture.Attribute(KnownNames.Architecture)!.Location();
        Report(Descriptors.RopeUnstated.At(place, architecture.Name));
        return false;
    }

    /// <summary>Whether the architecture itself says it, and no base.</summary>
    private bool IsOfArchitecture(SyntaxNode syntax) =>
        architecture.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == syntax.SyntaxTree && r.Span.Contains(syntax.Span));

    /// <summary>
    /// Puts what an operation is given into its slots: an argument by its parameter's name, the receiver where it is the weight or the first operand.
    /// </summary>
    private void FillSlots(OperationCall call)
    {
        for (var slot = 0; slot < call.Shapes.Length; slot++)
        {
            var operand = call.Spec.Operands[slot];
            var argument = call.Arguments.FirstOrDefault(a => a.Parameter.Name == operand.Name || (operand.Slot == Slot.Ids && a.Value is TokensValue));
            if (argument.Value is { } value) call.Fill(slot, argument, ShapeOf(value));
            else if (call.Receiver is ModuleValue module && operand.Slot is Slot.Weight or Slot.Table)
                call.FillWithReceiver(slot, module.Declaration.Shape);
            else if (slot == 0 && call.Receiver is TensorValue tensor) call.FillWithReceiver(slot, tensor.Shape);
        }
    }

    /// <summary>The shape of the result; null if the operands do not fit, which is then reported.</summary>
    private Shape? InferShape(OperationCall call)
    {
        try
        {
            return OpTable.Infer(call.Op, call.Shapes, key => AttributeDim(key, call));
        }
        catch (ShapeException error)
        {
            var isOfOne = error.Operand >= 0 && error.Operand < call.Places.Length;
            var size = call.Op == Op.Rope ? call.Arguments.FirstOrDefault(a => a.Parameter.Name == "dims").Place?.Syntax : null;
            var operand = size ?? (isOfOne ? HeadsOf(call.Op, call.Given[error.Operand]) ?? call.Places[error.Operand]?.Syntax : null);
            var declared = DeclaredOf(call.Receiver) ?? (isOfOne ? DeclaredOf(call.Given[error.Operand]) : null);
            var isAtFault = call.Op == Op.ExpertLinear && FitsSwapped(call.Shapes);
            ReportOfTensor(Descriptors.ShapeMismatch, (operand ?? call.Place.Syntax).GetLocation(), declared, isAtFault, Explain(error, call));
            return null;
        }
    }

    /// <summary>Writes an operation down, and notes where its operands go.</summary>
    private TensorValue Apply(OperationCall call, Shape shape)
    {
        var syntax = call.Place.Syntax;
        var result = Emit(call.Place, NameOf(call), call.ToExpression(OperandOf, OperatorOf), call.Op, shape);
        if (!_applied.TryGetValue(call.Op, out var known) || !IsOwn(known)) _applied[call.Op] = syntax;
        if (call.Op == Op.Heads) _frame.SplitsIntoHeads[result.Id] = syntax;
        _frame.Flow.Add(result.Id, call.Tensors.Select(t => t.Id), StreamOf(call), syntax, isSum: call.Op == Op.Add);
        if (call.Values.Any(v => v is StateValue)) _frame.Flow.Keep(result.Id);
        return result;
    }

    /// <summary>What is given to an operation as the model has it: in a slot, an operand that is a variable or one of some leaves.</summary>
    private Expression OperandOf(Value value, int? slot) => (value, slot) switch
    {
        (CacheValue { Declaration: var cache }, _) => new CacheExpression(ExpressionOf(value), cache.Model.Name, root.Caches.ContainsValue(cache)),
        (TensorValue or ModuleValue or StateValue or TokensValue, { } place) =>
            new OperandExpression(place, ExpressionOf(value), Leaves(value).ToEquatable()),
        _ => ExpressionOf(value),
    };

    /// <summary>The leaves that a value may be; none for a variable.</summary>
    private IEnumerable<LeafModel> Leaves(Value value) => value switch
    {
        ModuleValue module => module.Alternatives.Select(d => new LeafModel(Op.Weight, d.Model.FileName, d.Shape, root.Tensors.ContainsValue(d))),
        StateValue state => [new LeafModel(Op.State, state.Declaration.Model.Name, state.Declaration.Shape, false)],
        TokensValue => [new LeafModel(Op.Tokens, "tokens", new Shape(_frame.Tokens), true)],
        TensorValue { BaseName: "positions", IsLocal: false } positions => [new LeafModel(Op.Positions, positions.BaseName, positions.Shape, true)],
        TensorValue { BaseName: "segments", IsLocal: false } segments => [new LeafModel(Op.Segments, segments.BaseName, segments.Shape, true)],
        _ => [],
    };

    /// <summary>Writes an operation down.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="name">What its node is named after, and what it does or is of that; null if it has the name alone.</param>
    /// <param name="value">The call or operator that applies it.</param>
    /// <param name="op">The operation.</param>
    /// <param name="shape">The shape of its result.</param>
    private TensorValue Emit(IOperation place, (string Base, string? Part) name, Expression value, Op op, Shape shape)
    {
        var node = _frame.UniqueNode(name.Part is null ? name.Base : $"{name.Base} ({name.Part})");
        _frame.Self.Lines.Add(SourcePlaces.LineOf(node, place.Syntax));
        var variable = _frame.Unique(node);
        _frame.Emit(new OperationStatement(variable, node, value, op, shape));
        return new TensorValue(shape, variable, name.Part is null ? node : name.Base, isLocal: true);
    }

    private static string Explain(ShapeException error, OperationCall call)
    {
        var module = call.Receiver is ModuleValue value ? $" '{value.Declaration.Property.Name}' {value.Declaration.Shape}" : "";
        var shapes = call.Spec.Operands.Select((operand, slot) => call.Shapes[slot] is { } shape ? $"{operand.Name} {shape}" : null).OfType<string>();
        return $"{error.Message} ({call.Spec.Word}{module}: {string.Join(", ", shapes)})";
    }

    /// <summary>
    /// A number of an operation as a dimension: an argument, or what the word reads by itself, as Rope's Dims is the hyper-parameter RopeDims.
    /// </summary>
    private Dim? AttributeDim(Attr key, OperationCall call)
    {
        var name = key.ToString();
        var argument = call.Arguments.FirstOrDefault(a => string.Equals(a.Parameter.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
        if (argument is not null) return DimOf(argument);
        var implied = call.Reads.FirstOrDefault(v => v.EndsWith(name, StringComparison.Ordinal));
        return implied is null ? null : hyperParameters.Resolve(implied);
    }

    /// <summary>A number as a dimension; one that is more than arithmetic on hyper-parameters is a symbol of its own.</summary>
    private static Dim DimOf(Value number) => (number as ScalarValue)?.Dim ?? Dim.Symbol(ExpressionOf(number).ToCSharp());

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
    private static (string Base, string? Part) NameOf(OperationCall call)
    {
        if (call.Attribute.Named<string>("Node") is { } own) return (own, null);
        if (call.Receiver is ModuleValue module) return (module.Declaration.Model.Name, null);
        var tensors = call.Tensors.ToList();
        var local = call.Op == Op.Add ? tensors.LastOrDefault(t => t.IsLocal) : tensors.FirstOrDefault(t => t.IsLocal);
        return ((local ?? tensors.FirstOrDefault())?.BaseName ?? "value", call.Spec.Word);
    }
}
