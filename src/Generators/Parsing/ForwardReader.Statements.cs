using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

internal sealed partial class ForwardReader
{
    /// <summary>Reads statements in order; the value that they return, or null if they do not.</summary>
    private Value? ReadStatements(IReadOnlyList<IOperation> statements, int start)
    {
        for (var i = start; i < statements.Count; i++)
        {
            switch (statements[i])
            {
                case IVariableDeclarationGroupOperation group:
                    foreach (var declarator in group.Declarations.SelectMany(d => d.Declarators)) ReadDeclarator(declarator);
                    break;
                case IExpressionStatementOperation expression:
                    ReadExpressionStatement(expression.Operation);
                    break;
                case IReturnOperation { ReturnedValue: { } returned }:
                    if (_frame.Inlining.Count == 1) _frame.Returned = returned.Syntax;
                    return Read(returned);
                case IForEachLoopOperation loop:
                    ReadLoop(loop);
                    break;
                case IForLoopOperation loop:
                    ReadRepeat(loop);
                    break;
                case IBlockOperation block:
                    if (ReadStatements(block.Operations, 0) is { } inner) return inner;
                    break;
                case IConditionalOperation condition:
                    var rest = statements.Skip(i + 1).ToList();
                    if (ReadDecision(condition, rest) is { } decided) return decided;
                    if (Returns(condition)) return Value.Error;
                    break;
                case IEmptyOperation or ILocalFunctionOperation:
                    break;
                default:
                    NotAllowed(statements[i],
                        "a forward pass is made of locals, operations, foreach over blocks, for up to a number, "
                        + "and if on hyper-parameters, the block's index or an optional tensor");
                    break;
            }
        }

        return null;
    }

    private void ReadDeclarator(IVariableDeclaratorOperation declarator)
    {
        if (declarator.Initializer is null && declarator.Parent is IVariableDeclarationOperation { Initializer: null }) return;
        var initializer = declarator.Initializer ?? ((IVariableDeclarationOperation)declarator.Parent!).Initializer!;
        var value = Read(initializer.Value);
        _frame.Locals[declarator.Symbol] = value;
    }

    private void ReadExpressionStatement(IOperation operation)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation assignment:
                Assign(assignment.Target, Read(assignment.Value));
                break;
            case ICompoundAssignmentOperation compound:
                Assign(compound.Target, ReadOperator(compound, compound.OperatorMethod, compound.Target, compound.Value, compound.OperatorKind));
                break;
            case ICoalesceAssignmentOperation coalesce:
                Assign(coalesce.Target, ReadCoalesce(coalesce, coalesce.Target, coalesce.Value));
                break;
            case IInvalidOperation:
                Refused(operation);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                Deconstruct(deconstruction);
                break;
            case IInvocationOperation invocation when ReadInvocation(invocation) is var value:
                if (value is ScalarValue || ReferenceEquals(value, Value.Error)) break;
                Report(Descriptors.ResultDropped.At(operation.Syntax.GetLocation(), operation.Syntax.ToString(), AssignOrRemove));
                break;
            default:
                NotAllowed(operation, "only assignments may stand alone");
                break;
        }
    }

    private void Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        var target = deconstruction.Target is IDeclarationExpressionOperation declaration ? declaration.Expression : deconstruction.Target;
        var names = target is ITupleOperation tuple ? tuple.Elements.Select(PartOf).ToList() : [];
        _frame.PartNames = names;
        var value = Read(deconstruction.Value);
        _frame.PartNames = null;
        if (target is not ITupleOperation targets) return;
        for (var i = 0; i < targets.Elements.Length; i++)
        {
            Assign(targets.Elements[i], value is TupleValue items && i < items.Items.Count ? items.Items[i] : Value.Error);
        }

        static (string Name, SyntaxNode Place)? PartOf(IOperation element) => element switch
        {
            IDeclarationExpressionOperation { Expression: ILocalReferenceOperation local } => (local.Local.Name, local.Syntax),
            ILocalReferenceOperation local => (local.Local.Name, local.Syntax),
            _ => null,
        };
    }

    private void Assign(IOperation target, Value value)
    {
        switch (target)
        {
            case IDeclarationExpressionOperation declaration:
                Assign(declaration.Expression, value);
                break;
            case ILocalReferenceOperation local:
                _frame.Locals[local.Local] = value;
                break;
            case IParameterReferenceOperation parameter:
                _frame.Locals[parameter.Parameter] = value;
                if (_frame.Inlining.Count != 1 || value is not TensorValue assigned) break;
                _frame.Assignments.Add((parameter.Parameter, target.Syntax.Parent ?? target.Syntax, assigned.Id));
                break;
            case IDiscardOperation:
                break;
            default:
                NotAllowed(target,
                    "only locals and parameters can be assigned; what goes from layer to layer is a parameter and a result of Forward, what a block remembers "
                    + "a [State]");
                break;
        }
    }

    private static bool Returns(IConditionalOperation condition) => condition.Descendants().Any(o => o is IReturnOperation);

    /// <summary>
    /// Reads an if. Where a branch returns, what follows the if belongs to the other branch; the result is then the value of the whole.
    /// </summary>
    private Value? ReadDecision(IConditionalOperation decision, IReadOnlyList<IOperation> rest)
    {
        if (Read(decision.Condition) is not ScalarValue condition) return null;
        var returns = Returns(decision);
        var thenReturns = EndsInReturn(decision.WhenTrue);
        var elseReturns = decision.WhenFalse is not null && EndsInReturn(decision.WhenFalse);
        return Branch(
            decision, condition.Expression,
            () => ReadBranch(decision.WhenTrue, returns && !thenReturns ? rest : []),
            () => ReadBranch(decision.WhenFalse, returns && !elseReturns ? rest : []));
    }

    private static bool EndsInReturn(IOperation branch) =>
        branch switch
        {
            IReturnOperation => true,
            IBlockOperation block => block.Operations.LastOrDefault() is { } last && EndsInReturn(last),
            IConditionalOperation { WhenFalse: { } otherwise } nested => EndsInReturn(nested.WhenTrue) && EndsInReturn(otherwise),
            _ => false,
        };

    private Value? ReadBranch(IOperation? branch, IReadOnlyList<IOperation> rest)
    {
        var statements = branch switch
        {
            null => [],
            IBlockOperation block => block.Operations.ToList(),
            _ => new List<IOperation> { branch },
        };
        return ReadStatements([.. statements, .. rest], 0);
    }
}
