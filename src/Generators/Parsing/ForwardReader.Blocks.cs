using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Loops over blocks, and calls of their methods.</summary>
internal sealed partial class ForwardReader
{
    private void ReadLoop(IForEachLoopOperation loop)
    {
        var collection = Read(loop.Collection);
        if (collection is not BlockListValue list)
        {
            if (!ReferenceEquals(collection, Value.Error)) NotAllowed(loop.Collection, "a loop runs over a list of blocks");
            return;
        }

        var name = list.Declaration.Model.Property;
        if (loop.Locals.FirstOrDefault() is not { } block) return;
        ReadPasses(loop, block, $"the loop over '{name}', by each block", variable => new BlockValue(list.Declaration, variable),
            (variable, body) => new LoopStatement(variable, name, body));
    }

    /// <summary>Declares a variable for each tensor that a loop sets; and the other locals that it sets, which are not there after it.</summary>
    private (Dictionary<ISymbol, (string Variable, TensorValue Before)> Carried, List<ISymbol> Escaping) CarriedBy(
        ILoopOperation loop, Dictionary<ISymbol, Shape> shapes)
    {
        var carried = new Dictionary<ISymbol, (string Variable, TensorValue Before)>(SymbolEqualityComparer.Default);
        var escaping = new List<ISymbol>();
        foreach (var assigned in AssignedIn(loop.Body).Where(s => _frame.Locals.ContainsKey(s)).ToList())
        {
            if (ReferenceEquals(_frame.Locals[assigned], Value.Error)) continue;
            if (shapes.TryGetValue(assigned, out var shape))
            {
                _frame.Locals[assigned] = new TensorValue(shape, Expression.Null, "null", assigned.Name, isLocal: false) { MayBeNull = true };
            }

            if (_frame.Locals[assigned] is not TensorValue before)
            {
                escaping.Add(assigned);
                if (_frame.Locals[assigned] is not (ScalarValue or ModuleValue or TupleValue)) continue;
                NotAllowed(AssignmentTo(loop.Body, assigned),
                    "what changes from pass to pass is a tensor; numbers follow from the block's Index or the number of the pass");
                continue;
            }

            var name = _frame.Unique(assigned.Name);
            _frame.Emit(new DeclareStatement(name, before.Expression, before.MayBeNull));
            _frame.Locals[assigned] = new TensorValue(before.Shape, name, name, isLocal: false) { MayBeNull = before.MayBeNull };
            carried[assigned] = (name, before);
        }

        return (carried, escaping);
    }

    /// <summary>Hands a loop's tensors to its next pass, and checks that they keep their shapes and that a stream goes on.</summary>
    private void EndPass(ILoopOperation loop, Dictionary<ISymbol, (string Variable, TensorValue Before)> carried, Dictionary<ISymbol, Shape> shapes)
    {
        var streams = new List<(ISymbol Symbol, string Variable, TensorValue After)>();
        foreach (var pair in carried)
        {
            var (variable, before) = pair.Value;
            if (_frame.Locals[pair.Key] is not TensorValue after) continue;
            streams.Add((pair.Key, variable, after));
            CheckShape(pair.Key.Name, LastAssignment(loop.Body, pair.Key), before, after);
            _frame.Locals[pair.Key] = new TensorValue(before.Shape, variable, variable, isLocal: false) { MayBeNull = after.MayBeNull };
        }

        HandOn(streams.ConvertAll(s => (s.Variable, s.After)));
        // What begins as null is none that blocks add to; a loop that counts may compute anything.
        if (loop is IForEachLoopOperation)
        {
            CheckStream([.. streams.Where(s => !shapes.ContainsKey(s.Symbol))
                .Select(s => (s.Symbol.Name, LastAssignment(loop.Body, s.Symbol), s.Variable, s.After.Id))]);
        }

        foreach (var pair in carried)
        {
            var (variable, before) = pair.Value;
            var after = streams.FirstOrDefault(s => s.Variable == variable).After?.Id ?? before.Id;
            _frame.Flow.Carry(variable, shapes.ContainsKey(pair.Key) ? after : before.Id, after);
        }
    }

    /// <summary>Sets a loop's variables for its next pass, all at once: one that takes another's value takes that of this pass.</summary>
    private void HandOn(List<(string Variable, TensorValue After)> carried)
    {
        for (var i = 0; i < carried.Count; i++)
        {
            var (variable, after) = carried[i];
            if (after.Id == variable || carried.All(c => c.Variable != after.Id)) continue;
            var copy = _frame.Unique(after.Id + "_before");
            carried[i] = (variable, new TensorValue(after.Shape, copy, after.BaseName, after.IsLocal));
            _frame.Emit(new DeclareStatement(copy, after.Expression));
        }

        foreach (var (variable, after) in carried.Where(c => c.After.Id != c.Variable))
        {
            if (carried.Count(c => c.After.Id == after.Id) == 1) _frame.EmitAssign(variable, after);
            else _frame.Emit(new AssignStatement(variable, after.Expression));
        }
    }

    /// <summary>Reads the stream's way through a list of blocks: in the graph, a loop.</summary>
    private Value ReadBlocks(IInvocationOperation invocation, BlockListValue list)
    {
        if (Read(invocation.Arguments[0].Value) is not TensorValue before) return Value.Error;
        foreach (var kind in list.Declaration.Kinds.Select(k => k.Type).Where(t => ForwardOf(t) is null))
        {
            if (OperationHints.PassOn(list.Declaration.Model.Property, kind) is { } passOn)
            {
                NotAllowed(invocation, passOn);
                return Value.Error;
            }

            Report(Descriptors.NoForward.At(kind.FirstLocation(), kind.Name, "Forward(Tensor) method"));
            return Value.Error;
        }

        var (block, stream) = (_frame.Unique("layer"), _frame.Unique(ForwardOf(list.Declaration.Kinds[0].Type)!.Parameters[0].Name));
        _frame.Emit(new DeclareStatement(stream, before.Expression));
        var outer = OpenLoop(block);
        var result = CallBlock(invocation, new BlockValue(list.Declaration, block), kind => ForwardOf(kind)!,
            [new TensorValue(before.Shape, stream, stream, isLocal: false)]);
        if (result is TensorValue after)
        {
            CheckShape(stream, invocation.Syntax, before, after);
            _frame.EmitAssign(stream, after);
            CheckStream([(stream, invocation.Syntax, stream, after.Id)]);
            _frame.Flow.Carry(stream, before.Id, after.Id);
        }

        _frame.Emit(new LoopStatement(block, list.Declaration.Model.Property, CloseLoop(block, outer)));
        return result is TensorValue ? new TensorValue(before.Shape, stream, stream, isLocal: false) : result;

        static IMethodSymbol? ForwardOf(INamedTypeSymbol block) =>
            block.Chain().Reverse().SelectMany(t => t.GetMembers("Forward")).OfType<IMethodSymbol>().FirstOrDefault(m => m.IsForwardOfStream());
    }

    private void CheckShape(string stream, SyntaxNode place, TensorValue before, TensorValue after)
    {
        if (after.Shape.Equals(before.Shape)) return;
        Report(Descriptors.LoopChangesShape.At(place.GetLocation(), stream, before.Shape.ToString(), after.Shape.ToString()));
    }

    private static IEnumerable<ISymbol> AssignedIn(IOperation body) =>
        body.DescendantsAndSelf().SelectMany(Targets).Distinct<ISymbol>(SymbolEqualityComparer.Default);

    private static SyntaxNode LastAssignment(IOperation body, ISymbol symbol) => AssignmentTo(body, symbol).Syntax;

    private static IOperation AssignmentTo(IOperation body, ISymbol symbol) =>
        body.DescendantsAndSelf().Last(o => Targets(o).Contains(symbol, SymbolEqualityComparer.Default));

    private static IEnumerable<ISymbol> Targets(IOperation operation)
    {
        var target = operation switch
        {
            IDeconstructionAssignmentOperation deconstruction => deconstruction.Target,
            IAssignmentOperation assignment => assignment.Target,
            _ => null,
        };
        return (target is ITupleOperation tuple ? tuple.Elements : target is null ? [] : [target]).Select(t => t switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => (ISymbol)parameter.Parameter,
            _ => null,
        }).OfType<ISymbol>();
    }

    private Value ReadBlockCall(IInvocationOperation invocation, BlockValue block)
    {
        var passed = invocation.Arguments.OrderBy(a => a.Parameter?.Ordinal ?? 0).ToList();
        var arguments = passed.Select(a => Read(a.Value)).ToList();
        if (arguments.Any(a => ReferenceEquals(a, Value.Error))) return Value.Error;
        if (!_isFirstPass && arguments.FindIndex(a => a is NullValue) is var absent and >= 0)
        {
            NotAllowed(passed[absent].Value, "a null that no loop replaces has no shape; begin with Tensor? v = null before the loop, and set it in the loop");
            return Value.Error;
        }

        if (arguments.FindIndex(a => a is RotaryValue) is var rotary and >= 0)
        {
            NotAllowed(passed[rotary].Value, "a block states its own rotary embedding");
            return Value.Error;
        }

        for (var i = 0; i < passed.Count; i++)
        {
            if (passed[i].Parameter is { } parameter && !IsNullable(parameter) && arguments[i] is ModuleValue module) CheckPresence(passed[i].Value, module);
        }

        return CallBlock(invocation, block, _ => invocation.TargetMethod, arguments);
    }

    /// <summary>Calls each kind's function for its method.</summary>
    private Value CallBlock(IOperation place, BlockValue block, Func<INamedTypeSymbol, IMethodSymbol> method, IReadOnlyList<Value> arguments)
    {
        var name = method(block.List.Kinds[0].Type).Name;
        Value? result = null;
        var functions = new List<ReadFunction>();
        foreach (var kind in block.List.Kinds)
        {
            var function = ReadBlockFunction(kind, block.List, method(kind.Type), arguments);
            functions.Add(function);
            var ofKind = function.Result;
            result = result is null ? ofKind : OfEither(place, kind.Type.Name, result, ofKind);
        }

        if (result is null || ReferenceEquals(result, Value.Error)) return Value.Error;
        var variables = new List<string>();
        var renamed = Rename(result);
        _frame.Emit(new CallStatement(
            block.List.Model.Property, block.Expression, name, arguments.Select(ExpressionOf).ToEquatable(), variables.ToEquatable(), Declares: true));
        return renamed;

        Value Rename(Value value)
        {
            if (value is TupleValue tuple) return new TupleValue([.. tuple.Items.Select(Rename)]);
            var variable = _frame.Unique(block.Variable is { } holder ? holder + "_out" : "block");
            _frame.Flow.AddCall(variable, new FlowCall(place.Syntax, [.. arguments.Select(a => (a as TensorValue)?.Id)], functions, variables.Count));
            variables.Add(variable);
            return value is TensorValue tensor ? new TensorValue(tensor.Shape, variable, tensor.BaseName, isLocal: false) { MayBeNull = tensor.MayBeNull }
                : value;
        }
    }
}
