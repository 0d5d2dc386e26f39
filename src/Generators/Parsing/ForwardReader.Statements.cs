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
                    NotAllowed(statements[i], "a forward pass is made of locals, operations, foreach over blocks, and if on hyper-parameters, the block's index or an optional tensor");
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
                NotAllowed(target, "only locals and parameters can be assigned; what goes from layer to layer is a parameter and a result of Forward, what a block remembers a [State]");
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
        if (thenStatements.Count + elseStatements.Count > 0) _frame.Emit(new IfStatement(condition, thenStatements.ToEquatable(), elseStatements.ToEquatable()));
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
                return new ScalarValue(new ConditionalExpression(condition, x.Expression, y.Expression), x.Dim is not null && x.Dim.Equals(y.Dim) ? x.Dim : null);
            case (ModuleValue x, ModuleValue y) when x.Declaration.Model.Type == y.Declaration.Model.Type && x.Declaration.Shape.Equals(y.Declaration.Shape):
                var (mayBeAbsent, isForeign) = (x.MayBeAbsent || y.MayBeAbsent, x.IsForeign || y.IsForeign);
                var either = new ConditionalExpression(condition, x.Expression, y.Expression);
                return new ModuleValue([.. x.Alternatives, .. y.Alternatives], either) { MayBeAbsent = mayBeAbsent, IsForeign = isForeign };
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
