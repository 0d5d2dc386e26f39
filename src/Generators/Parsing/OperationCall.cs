using System.Globalization;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>A call of an operation while it is read: what is given, and what of that is in which of the operation's slots.</summary>
/// <param name="place">The call or operator.</param>
/// <param name="method">The word that is called.</param>
/// <param name="attribute">The word's [Op].</param>
/// <param name="instance">What it is called on, or null.</param>
/// <param name="receiver">The value of that, or null for a word of the class itself.</param>
/// <param name="arguments">The arguments that are written, with their values.</param>
internal sealed class OperationCall(
    IOperation place, IMethodSymbol method, AttributeData attribute, IOperation? instance, Value? receiver,
    IReadOnlyList<(IParameterSymbol Parameter, Value Value, IOperation Place)> arguments)
{
    public IOperation Place { get; } = place;

    public IMethodSymbol Method { get; } = method;

    public AttributeData Attribute { get; } = attribute;

    public IOperation? Instance { get; } = instance;

    public Value? Receiver { get; } = receiver;

    public IReadOnlyList<(IParameterSymbol Parameter, Value Value, IOperation Place)> Arguments { get; } = arguments;

    public OpSpec Spec { get; } = OpTable.Of(OpOf(attribute));

    public Op Op => Spec.Op;

    /// <summary>The shapes of the operands by slot; null for one that is not given.</summary>
    public Shape?[] Shapes { get; } = new Shape?[OpTable.Of(OpOf(attribute)).Operands.Count];

    /// <summary>Where the operands by slot are written.</summary>
    public IOperation?[] Places { get; } = new IOperation?[OpTable.Of(OpOf(attribute)).Operands.Count];

    /// <summary>The values of the operands by slot, but for the weight that the operation is called on.</summary>
    public Value?[] Given { get; } = new Value?[OpTable.Of(OpOf(attribute)).Operands.Count];

    /// <summary>The slots that arguments are in.</summary>
    private readonly Dictionary<IParameterSymbol, int> _slots = new(SymbolEqualityComparer.Default);

    /// <summary>The slot that the receiver is in, or null.</summary>
    private int? _receiverSlot;

    /// <summary>The values of the arguments.</summary>
    public IEnumerable<Value> Values => Arguments.Select(a => a.Value);

    /// <summary>The tensors among what is given, the receiver first.</summary>
    public IEnumerable<TensorValue> Tensors => Values.Prepend(Receiver).OfType<TensorValue>();

    /// <summary>The hyper-parameters that the word reads by itself: Rope's are those of its scaling.</summary>
    public IEnumerable<string> Reads =>
        Attribute.NamedArguments.FirstOrDefault(a => a.Key == "Reads").Value is { IsNull: false, Kind: TypedConstantKind.Array } reads
            ? reads.Values.Select(v => (string)v.Value!) : [];

    /// <summary>The operation of an [Op].</summary>
    public static Op OpOf(AttributeData attribute) => (Op)(int)attribute.ConstructorArguments[0].Value!;

    /// <summary>Puts an argument into a slot.</summary>
    public void Fill(int slot, (IParameterSymbol Parameter, Value Value, IOperation Place) argument, Shape? shape)
    {
        (Given[slot], Shapes[slot], Places[slot]) = (argument.Value, shape, argument.Place);
        _slots[argument.Parameter] = slot;
    }

    /// <summary>Puts what the operation is called on into a slot.</summary>
    public void FillWithReceiver(int slot, Shape shape)
    {
        (Given[slot], Shapes[slot], Places[slot]) = (Receiver as TensorValue, shape, Instance);
        _receiverSlot = slot;
    }

    /// <summary>Whether an argument says what is so without it, as the window 0 of a part that has a parameter for it.</summary>
    private static bool IsDefault(IParameterSymbol parameter, Value value) =>
        parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: int or float }
        && value is ScalarValue { Expression: ConstantExpression { Value: int or float } constant }
        && Convert.ToDouble(constant.Value, CultureInfo.InvariantCulture) == Convert.ToDouble(parameter.ExplicitDefaultValue, CultureInfo.InvariantCulture);

    /// <summary>The call as the model has it.</summary>
    /// <param name="expressionOf">A value that is given, and its slot if it is in one.</param>
    /// <param name="operatorOf">The operator of a kind.</param>
    public Expression ToExpression(Func<Value, int?, Expression> expressionOf, Func<BinaryOperatorKind, BinaryOperator?> operatorOf)
    {
        if (Method.MethodKind is not MethodKind.UserDefinedOperator)
        {
            var given = Arguments.Where(a => !IsDefault(a.Parameter, a.Value)).OrderBy(a => a.Parameter.Ordinal)
                .Select(a => new ArgumentModel(a.Parameter.HasExplicitDefaultValue ? a.Parameter.Name : null, ExpressionOf(a.Parameter, a.Value)));
            return new CallExpression(Receiver is null ? null : expressionOf(Receiver, _receiverSlot), Method.Name, given.ToEquatable());
        }

        var first = ExpressionOf(Arguments[0].Parameter, Arguments[0].Value);
        if (Arguments.Count == 1) return new UnaryExpression(UnaryOperator.Minus, first);
        var kind = Place is ICompoundAssignmentOperation compound ? compound.OperatorKind : ((IBinaryOperation)Place).OperatorKind;
        return new BinaryExpression(operatorOf(kind)!.Value, first, ExpressionOf(Arguments[1].Parameter, Arguments[1].Value));

        Expression ExpressionOf(IParameterSymbol parameter, Value value) => expressionOf(value, _slots.TryGetValue(parameter, out var slot) ? slot : null);
    }
}
