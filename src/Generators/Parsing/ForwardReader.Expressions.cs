using System.Globalization;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

internal sealed partial class ForwardReader
{
    /// <summary>What an expression stands for. An expression that cannot be read is always reported, once, at its innermost part.</summary>
    private Value Read(IOperation operation)
    {
        var value = ReadListed(operation);
        if (ReferenceEquals(value, Value.Error) && !_isReported) NotAllowed(operation, "it is not among the expressions that a graph can be made of");
        return value;
    }

    /// <summary>The allow-list of expressions.</summary>
    private Value ReadListed(IOperation operation)
    {
        // The compiler computes a constant as a whole.
        var parts = operation.ConstantValue.HasValue ? operation.DescendantsAndSelf() : [operation];
        if (parts.OfType<IBinaryOperation>().FirstOrDefault(IntegerDivision.IsTruncated) is { } division)
        {
            Report(IntegerDivision.Report(division));
            return Value.Error;
        }

        if (operation.ConstantValue is { HasValue: true } constant && operation is not IInvocationOperation) return ReadConstant(operation, constant.Value);
        switch (operation)
        {
            case IParenthesizedOperation parenthesized: return Read(parenthesized.Operand);
            case IConversionOperation conversion: return ReadConversion(conversion);
            case ILocalReferenceOperation local: return _frame.Locals.TryGetValue(local.Local, out var value) ? ReadLocal(local, value) : Value.Error;
            case IParameterReferenceOperation parameter: return _frame.Locals.TryGetValue(parameter.Parameter, out var argument) ? argument : Value.Error;
            case IInstanceReferenceOperation: return new SelfValue();
            case IPropertyReferenceOperation property: return ReadProperty(property, property.Property, property.Instance);
            case IInvocationOperation invocation: return ReadInvocation(invocation);
            case IBinaryOperation binary: return ReadBinary(binary);
            case IUnaryOperation unary: return ReadUnary(unary);
            case IConditionalOperation conditional: return ReadChoice(conditional);
            case IDelegateCreationOperation { Target: IMethodReferenceOperation { Instance: { } rotary } } when rotary.Type.Is(KnownNames.RotaryEmbedding):
                return Read(rotary);
            case IDelegateCreationOperation { Target: IMethodReferenceOperation or IAnonymousFunctionOperation } function:
                return new FunctionValue(function.Target, _frame.Locals);
            case IWithOperation with when with.Type.Is(KnownNames.RotaryEmbedding): return ReadWith(with);
            case ITupleOperation tuple: return new TupleValue([.. tuple.Elements.Select(Read)]);
            case ICoalesceOperation coalesce: return ReadCoalesce(coalesce, coalesce.Value, coalesce.WhenNull);
            case IIsPatternOperation pattern: return ReadPattern(pattern);
            case IInvalidOperation:
                return Refused(operation);
            case ISimpleAssignmentOperation assignment:
                var assigned = Read(assignment.Value);
                Assign(assignment.Target, assigned);
                return assigned;
            case IObjectCreationOperation or IArrayCreationOperation or ICollectionExpressionOperation when HoldsTensors(operation.Type):
                NotAllowed(operation,
                    "a graph has no lists of tensors; what goes from block to block is a tensor that the loop passes on: (x, v) = layer.Forward(x, v)");
                return Value.Error;
            default:
                NotAllowed(operation, "expressions are made of tensors, operations, hyper-parameters and numbers");
                return Value.Error;
        }
    }

    private static bool HoldsTensors(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType.Is(KnownNames.TensorType),
        INamedTypeSymbol named => named.TypeArguments.Any(t => t.Is(KnownNames.TensorType)),
        _ => false,
    };

    /// <summary>What the compiler refuses: where it is an expression on tensors, with what to write instead.</summary>
    private Value Refused(IOperation operation)
    {
        if (!_isReported && new OperationHints(compilation).In(operation.Syntax) is var (place, hint))
        {
            Report(Descriptors.NotAllowed.At(place.GetLocation(), $"'{OneLine(place)}'", hint));
        }

        _isReported = true;
        return Value.Error;
    }

    private Value ReadLocal(ILocalReferenceOperation local, Value value)
    {
        if (value is not LoopValue loop) return value;
        Report(Descriptors.ForeignTensor.At(local.Syntax.GetLocation(),
            $"'{local.Local.Name}' is set in {loop.Loop} anew, and is used outside of it",
            "use it in the loop, or compute a tensor there that goes from pass to pass"));
        return Value.Error;
    }

    private static Value ReadConstant(IOperation operation, object? value)
    {
        if (value is null) return new NullValue();
        if (operation.Type is not { TypeKind: TypeKind.Enum } type)
        {
            return new ScalarValue(new ConstantExpression(value), value is int number ? number : (Dim?)null);
        }

        var member = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, value));
        return new ScalarValue(member is null
            ? new CastExpression(type.Name, new ConstantExpression(value))
            : new MemberExpression(new NameExpression(type.Name), member.Name));
    }

    private Value ReadConversion(IConversionOperation conversion)
    {
        var value = Read(conversion.Operand);
        // To the function that a part takes.
        if (value is RotaryValue rotary && conversion.OperatorMethod is not null) return rotary.At(conversion.Operand);
        return value is ScalarValue scalar && !conversion.IsImplicit && conversion.Type is { } type
            ? new ScalarValue(new CastExpression(type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), scalar.Expression), scalar.Dim)
            : value;
    }

    private Value ReadBinary(IBinaryOperation binary)
    {
        if (binary.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals
            && binary.OperatorMethod?.ContainingType.SpecialType != SpecialType.System_String)
        {
            var present = binary.OperatorKind == BinaryOperatorKind.NotEquals;
            if (Unwrap(binary.RightOperand) is { ConstantValue: { HasValue: true, Value: null } }) return ReadPresence(binary.LeftOperand, present);
            if (Unwrap(binary.LeftOperand) is { ConstantValue: { HasValue: true, Value: null } }) return ReadPresence(binary.RightOperand, present);
        }

        return ReadOperator(binary, binary.OperatorMethod, binary.LeftOperand, binary.RightOperand, binary.OperatorKind);
    }

    private static IOperation Unwrap(IOperation operation) => operation is IConversionOperation conversion ? Unwrap(conversion.Operand) : operation;

    private Value ReadOperator(IOperation place, IMethodSymbol? method, IOperation leftOperand, IOperation rightOperand, BinaryOperatorKind kind)
    {
        if (method?.Attribute(KnownNames.Op) is { } attribute)
        {
            return ReadOp(place, method, attribute, null, [(method.Parameters[0], leftOperand), (method.Parameters[1], rightOperand)]);
        }

        Value left = Read(leftOperand), right = Read(rightOperand);
        if (left is not ScalarValue a || right is not ScalarValue b)
        {
            if (place.Type is not { TypeKind: TypeKind.Error } && !ReferenceEquals(left, Value.Error) && !ReferenceEquals(right, Value.Error))
            {
                NotAllowed(place, new OperationHints(compilation).In(place.Syntax)?.Hint ?? "these two cannot be combined");
            }

            return Refused(place);
        }

        if (kind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr && Known(a, b, kind) is { } known) return known;
        if (OperatorOf(kind) is not { } @operator)
        {
            NotAllowed(place, "arithmetic on hyper-parameters is + - * / %, comparison and logic");
            return Value.Error;
        }

        var dim = a.Dim is null || b.Dim is null ? null : kind switch
        {
            BinaryOperatorKind.Add => a.Dim + b.Dim,
            BinaryOperatorKind.Subtract => a.Dim - b.Dim,
            BinaryOperatorKind.Multiply => a.Dim * b.Dim,
            BinaryOperatorKind.Divide => a.Dim / b.Dim,
            _ => null,
        };
        return new ScalarValue(new BinaryExpression(@operator, a.Expression, b.Expression), dim);
    }

    private static BinaryOperator? OperatorOf(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Add => BinaryOperator.Add,
        BinaryOperatorKind.Subtract => BinaryOperator.Subtract,
        BinaryOperatorKind.Multiply => BinaryOperator.Multiply,
        BinaryOperatorKind.Divide => BinaryOperator.Divide,
        BinaryOperatorKind.Remainder => BinaryOperator.Remainder,
        BinaryOperatorKind.Equals => BinaryOperator.Equal,
        BinaryOperatorKind.NotEquals => BinaryOperator.NotEqual,
        BinaryOperatorKind.LessThan => BinaryOperator.Less,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperator.LessOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperator.Greater,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperatorKind.ConditionalAnd => BinaryOperator.And,
        BinaryOperatorKind.ConditionalOr => BinaryOperator.Or,
        _ => null,
    };

    private Value ReadUnary(IUnaryOperation unary)
    {
        if (unary.OperatorMethod is { } method && method.Attribute(KnownNames.Op) is { } attribute)
        {
            return ReadOp(unary, method, attribute, null, [(method.Parameters[0], unary.Operand)]);
        }

        if (unary.Type is { TypeKind: TypeKind.Error }) return Refused(unary);
        if (Read(unary.Operand) is not ScalarValue operand) return Value.Error;
        switch (unary.OperatorKind)
        {
            case UnaryOperatorKind.Not: return new ScalarValue(operand.Expression.Negate());
            case UnaryOperatorKind.Minus:
                return new ScalarValue(new UnaryExpression(UnaryOperator.Minus, operand.Expression), operand.Dim is null ? null : operand.Dim * -1);
            case UnaryOperatorKind.Plus: return operand;
            default:
                NotAllowed(unary, "only ! and - may stand before a hyper-parameter");
                return Value.Error;
        }
    }

    private Value ReadChoice(IConditionalOperation conditional)
    {
        if (Read(conditional.Condition) is not ScalarValue condition) return Value.Error;
        return Branch(conditional, condition.Expression, () => Read(conditional.WhenTrue),
            () => conditional.WhenFalse is null ? Value.Error : Read(conditional.WhenFalse)) ?? Value.Error;
    }
}
