namespace ArchGen.Generators.Model;

/// <summary>Follows the variables of a forward pass from the operations that give them to those that take them.</summary>
internal sealed class SymbolicGraphBuilder(ArchitectureModel model)
{
    private readonly List<FrameModel> _frames = [];
    private readonly List<SymbolicNode> _nodes = [];
    private readonly Dictionary<string, int> _leaves = new(StringComparer.Ordinal);

    private readonly Dictionary<string, List<InputModel>> _caches = new(StringComparer.Ordinal);

    /// <summary>The graph of a forward pass that has a body.</summary>
    public SymbolicGraph Build(GraphFunction function)
    {
        var scope = new Scope(-1, "", null);
        foreach (var parameter in function.Parameters.Where(p => p.Rows is not null))
        {
            var rows = new LeafModel(Op.Encoded, parameter.Rows!.IsOfTokens ? "rows" : "encoded", parameter.Rows.Shape, IsOfModel: true);
            scope.Values[parameter.Name] = [Leaf(rows, scope)];
        }

        var outputs = Read(function.Body!.Value, scope);
        foreach (var output in outputs.Take(1).SelectMany(o => o)) _nodes[output] = _nodes[output] with { IsOutput = true };
        return new SymbolicGraph(function, _frames.ToEquatable(), _nodes.ToEquatable());
    }

    /// <summary>Reads statements; what they return, value by value.</summary>
    private List<List<int>> Read(EquatableArray<Statement> statements, Scope scope)
    {
        List<List<int>> results = [];
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case OperationStatement op:
                    scope.Values[op.Variable] = [Add(op, scope)];
                    break;
                case CallStatement call:
                    Call(call, scope);
                    break;
                case DeclareStatement declare:
                    scope.Values[declare.Variable] = declare.Value is null ? [] : scope.Of(declare.Value);
                    if (declare.Value is null) scope.Joined.Add(declare.Variable);
                    break;
                case AssignStatement assign:
                    scope.Values[assign.Variable] = scope.Joined.Contains(assign.Variable) ? [.. scope.Of(assign.Variable).Union(scope.Of(assign.Value))]
                        : scope.Of(assign.Value);
                    break;
                case LoopStatement loop:
                    Read(loop.Body, scope);
                    break;
                case RepeatStatement repeat:
                    Read(repeat.Body, scope);
                    break;
                case IfStatement decision:
                    Read(decision.Then, scope.Under(decision.Condition));
                    Read(decision.Else, scope.Under(decision.Condition.Negate()));
                    break;
                case ReturnStatement returned:
                    results = [.. Items(returned.Value).Select(scope.Of)];
                    break;
            }
        }

        return results;
    }

    private static IEnumerable<Expression> Items(Expression value) => value is TupleExpression tuple ? tuple.Items.SelectMany(Items) : [value];

    private int Add(OperationStatement op, Scope scope)
    {
        var inputs = op.Value.Operands()
            .SelectMany(operand => (operand.Leaves.Count > 0 ? operand.Leaves.Select(leaf => Leaf(leaf, scope)) : scope.Of(operand.Value))
                .Select(node => new InputModel(operand.Slot, node)))
            .Distinct().ToList();
        if (op.Value.Cache() is { } cache) ShareCache((cache.IsOfModel ? "" : scope.Prefix) + cache.Name, inputs);
        _nodes.Add(new SymbolicNode(scope.Prefix + op.Node, op.Op, op.Shape, inputs.ToEquatable(), scope.Frame, scope.Condition));
        return _nodes.Count - 1;
    }

    /// <summary>An attention that reads a cache has the keys and values that attentions before it wrote there.</summary>
    private void ShareCache(string cache, List<InputModel> inputs)
    {
        if (!_caches.TryGetValue(cache, out var contents)) _caches[cache] = contents = [];
        var attention = OpTable.Of(Op.Attention);
        var written = inputs.Where(i => attention.Operands[i.Slot].Slot is Slot.Key or Slot.Value).ToList();
        if (written.Count == 0) inputs.InsertRange(inputs.FindLastIndex(i => attention.Operands[i.Slot].Slot == Slot.Query) + 1, contents);
        else contents.AddRange(written.Except(contents));
    }

    private int Leaf(LeafModel leaf, Scope scope)
    {
        var name = (leaf.IsOfModel ? "" : scope.Prefix) + leaf.Name;
        var frame = leaf.IsOfModel ? -1 : scope.Frame;
        var key = $"{frame} {name}";
        if (_leaves.TryGetValue(key, out var known)) return known;
        _nodes.Add(new SymbolicNode(name, leaf.Op, leaf.Shape, default, frame, null));
        return _leaves[key] = _nodes.Count - 1;
    }

    /// <summary>Reads the forward pass of each kind of block that may be called, and joins what they give.</summary>
    private void Call(CallStatement call, Scope scope)
    {
        var list = model.Root.Lists.First(l => l.Property == call.List);
        var results = call.Results.Select(_ => new List<int>()).ToList();
        foreach (var kind in list.Kinds)
        {
            if (kind.Functions.FirstOrDefault(f => f.Name == call.Method) is not { Body: { } body } function) continue;
            var inner = new Scope(Frame(list, kind), list.Prefix + ".", scope.Condition);
            for (var i = 0; i < function.Parameters.Count; i++) inner.Values[function.Parameters[i].Name] = scope.Of(call.Arguments[i]);
            var returned = Read(body, inner);
            for (var i = 0; i < results.Count && i < returned.Count; i++) results[i].AddRange(returned[i]);
        }

        for (var i = 0; i < results.Count; i++) scope.Values[call.Results[i]] = [.. results[i].Distinct()];
    }

    private int Frame(BlockListModel list, BlockKindModel kind)
    {
        var known = _frames.FindIndex(f => ReferenceEquals(f.List, list) && ReferenceEquals(f.Kind, kind));
        if (known >= 0) return known;
        _frames.Add(new FrameModel(list, kind));
        return _frames.Count - 1;
    }

    /// <summary>What is known while a function is read; a branch shares the variables and adds its condition.</summary>
    private sealed class Scope(int frame, string prefix, Expression? condition)
    {
        public int Frame { get; } = frame;

        public string Prefix { get; } = prefix;

        public Expression? Condition { get; } = condition;

        /// <summary>The nodes that a variable may be.</summary>
        public Dictionary<string, List<int>> Values { get; private set; } = new(StringComparer.Ordinal);

        /// <summary>The variables that more than one branch assigns.</summary>
        public HashSet<string> Joined { get; private set; } = new(StringComparer.Ordinal);

        public List<int> Of(string variable) => Values.TryGetValue(variable, out var nodes) ? nodes : [];

        public List<int> Of(Expression value) => value is NameExpression name ? Of(name.Identifier) : [];

        public Scope Under(Expression more) => new(Frame, Prefix, Condition is null ? more : Expression.And(Condition, more))
        {
            Values = Values,
            Joined = Joined,
        };
    }
}
