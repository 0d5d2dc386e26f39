using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Loops: their passes, and those that count, whose statements run as often as a hyper-parameter says.</summary>
internal sealed partial class ForwardReader
{
    private void ReadRepeat(IForLoopOperation loop)
    {
        if (loop.Condition?.DescendantsAndSelf().Any(o => o is IInvalidOperation) == true)
        {
            Refused();
            return;
        }

        if (Passes(loop) is not var (pass, count))
        {
            NotAllowed(loop, "a loop that counts is for (var pass = 0; pass < Passes; pass++), up to a whole number made of hyper-parameters");
            return;
        }

        if (Read(count) is not ScalarValue number) return;
        ReadPasses(loop, pass, "a loop that counts, in each pass", variable => new ScalarValue(new NameExpression(variable)),
            (variable, body) => new RepeatStatement(variable, number.Expression, body));
    }

    /// <summary>
    /// The variable of a loop that counts from 0 by one and that nothing else sets, and the number that it stays below; null for other loops.
    /// </summary>
    private static (ILocalSymbol Pass, IOperation Count)? Passes(IForLoopOperation loop)
    {
        var declared = loop.Before.OfType<IVariableDeclarationGroupOperation>().SelectMany(g => g.Declarations).SelectMany(d => d.Declarators).ToList();
        if (loop.Before.Length != 1 || declared.Count != 1) return null;
        var (pass, first) = (declared[0].Symbol, (declared[0].Initializer ?? (declared[0].Parent as IVariableDeclarationOperation)?.Initializer)?.Value);
        if (first?.ConstantValue is not { HasValue: true, Value: 0 }) return null;
        if (loop.Condition is not IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan } condition || !Is(condition.LeftOperand)) return null;
        if (condition.RightOperand.Type?.SpecialType != SpecialType.System_Int32) return null;
        var isCounted = loop.AtLoopBottom.Length == 1 && Is(loop.AtLoopBottom[0] is IExpressionStatementOperation
        {
            Operation: IIncrementOrDecrementOperation { Kind: OperationKind.Increment } next,
        } ? next.Target : null);
        return isCounted && !AssignedIn(loop.Body).Contains(pass, SymbolEqualityComparer.Default) ? (pass, condition.RightOperand) : null;

        bool Is(IOperation? operation) => operation is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, pass);
    }

    /// <summary>Reads what a loop computes in each pass, with a variable for the block or for the number of the pass.</summary>
    private void ReadPasses(ILoopOperation loop, ISymbol symbol, string description, Func<string, Value> element,
        Func<string, EquatableArray<Statement>, Statement> statement)
    {
        var shapes = FirstPass(loop, symbol, element);
        if (_isReported) return;
        var variable = _frame.Unique(symbol.Name);
        var (carried, escaping) = CarriedBy(loop, shapes);
        _frame.Locals[symbol] = element(variable);
        var outer = OpenLoop(variable);
        if (ReadStatements(BodyOf(loop), 0) is not null) NotAllowed(loop, "a loop cannot return");
        foreach (var local in escaping) _frame.Locals[local] = new LoopValue(description);
        EndPass(loop, carried, shapes);
        _frame.Emit(statement(variable, CloseLoop(variable, outer)));
    }

    /// <summary>Begins the statements of a loop; those before it, to continue with.</summary>
    private List<Statement> OpenLoop(string variable)
    {
        _frame.OpenLoops.Add(variable);
        _loops.Add(_loopCount++);
        var outer = _frame.Statements;
        _frame.Statements = [];
        return outer;
    }

    /// <summary>Ends a loop; its statements.</summary>
    private EquatableArray<Statement> CloseLoop(string variable, List<Statement> outer)
    {
        _frame.OpenLoops.Remove(variable);
        _loops.RemoveAt(_loops.Count - 1);
        var statements = _frame.Statements;
        _frame.Statements = outer;
        return statements.ToEquatable();
    }
}
