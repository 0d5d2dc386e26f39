using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <content>Matrix products and tables.</content>
internal sealed partial class Planner
{
    /// <summary>Products that read the same activations are one step, so that these are prepared once.</summary>
    private void Linear(Node node)
    {
        var group = GroupOf(node);
        Watch(group, Matrix(node.Input(Slot.X)), perHead: false);
        if (FindGate(group) is { } gate)
        {
            GatedLinear(gate);
            return;
        }

        var x = Matrix(node.Input(Slot.X));
        var results = Array.ConvertAll(group, NewValue);
        var matrices = group.Select((n, i) => MatrixOf(n, Slot.Weight, results[i].Width, x.Width)).ToArray();
        if (group.Length == 1 && ChainAfter(node, node.Op, out var last) is { } after)
        {
            results = [NewValue(last)];
            Emit(new Product(last, x, matrices, results) { After = after });
            FinishChain(node, after, last, results[0]);
            return;
        }

        Emit(new Product(group[^1], x, matrices, results));
        for (var i = 0; i < group.Length; i++) Finish(group[i], results[i]);
    }

    private Node[] GroupOf(Node node)
    {
        if (!MayFuse) return [node];
        var type = _request.Weights.TypeOf(node.Input(Slot.Weight));
        var group = _users[node.Input(Slot.X)].Where(IsOfGroup).ToArray();
        if (!group.Contains(node)) return [node];
        if (!_request.Backends[_backend].AppliesChains(Op.Linear)) return group;
        // What follows a product is for it alone, or for the two of a gate.
        if (!IsFollowed(node)) return [.. group.Where(user => !_scheduled.Contains(user) && !IsFollowed(user))];
        return Array.Find(group, other => FindGate([node, other]) is not null) is { } pair ? [node, pair] : [node];

        bool IsOfGroup(Node user) => user.Op == Op.Linear && user.Input(Slot.X) == node.Input(Slot.X) && user.Input(Slot.Weight).IsLeaf
            && _request.Placement(user) == _backend
            && _request.Backends[_backend].SharesPreparation(_request.Weights.TypeOf(user.Input(Slot.Weight)), type);
    }

    /// <summary>Two products of the same activations, one of which gates the other, as in SwiGLU (arXiv:2002.05202): act(x G^T) * (x U^T).</summary>
    private Gate? FindGate(Node[] group)
    {
        if (group.Length != 2 || !MayFuse) return null;
        foreach (var (gate, up) in new[] { (group[0], group[1]), (group[1], group[0]) })
        {
            if (OnlyUser(gate) is { Spec: { Nonlinearity: Nonlinearity.Activation, Attributes.Count: 0 } } activation
                && OnlyUser(activation) is { Op: Op.Multiply } product && OnlyUser(up) == product)
            {
                return new Gate(gate, activation, up, product);
            }
        }

        return null;
    }

    // Whether the backend can apply what follows a product to its result, or to that of a gate.
    private bool IsFollowed(Node node) => OnlyUser(node) is { } user && (TryFollow(user, node, [], [])
        || _users[node.Input(Slot.X)].Exists(
            other => other.Op == Op.Linear && other.Input(Slot.X) == node.Input(Slot.X) && FindGate([node, other]) is not null));

    private Node? OnlyUser(Node node) =>
        node != _graph.Output && _users.TryGetValue(node, out var users) && users.Count == 1 && _request.Placement(users[0]) == _backend ? users[0] : null;

    private void GatedLinear(Gate gate)
    {
        var x = Matrix(gate.Linear.Input(Slot.X));
        var after = ChainAfter(gate.Product, gate.Linear.Op, out var last);
        PlanValue result = NewValue(last), ungated = NewValue(gate.Up);
        Emit(new GatedProduct(
            last, gate.Activation, x, MatrixOf(gate.Linear, Slot.Weight, result.Width, x.Width), MatrixOf(gate.Up, Slot.Weight, result.Width, x.Width),
            result, ungated) { After = after });
        foreach (var node in new[] { gate.Linear, gate.Activation, gate.Up })
        {
            _scheduled.Add(node);
            AddWork(node);
        }

        FinishChain(gate.Product, after, last, result);
    }

    private sealed record Gate(Node Linear, Node Activation, Node Up, Node Product);

    private void HeadLinear(Node node)
    {
        var x = ValueOf(node.Input(Slot.X));
        Watch([node], x, perHead: true);
        var after = ChainAfter(node, node.Op, out var last);
        var result = NewValue(last);
        Emit(new HeadProduct(last, x, MatrixOf(node, Slot.Weight, result.Width, x.Width), result) { After = after });
        FinishChain(node, after, last, result);
    }

    private void ExpertLinear(Node node)
    {
        var x = Matrix(node.Input(Slot.X));
        var after = ChainAfter(node, node.Op, out var last);
        var result = NewValue(last);
        var experts = Size(node.Input(Slot.Weight), 0);
        var matrix = MatrixOf(node, Slot.Weight, result.Width, x.Width);
        var route = Route(node.Input(Slot.Experts), experts);
        if (Watched([node], experts, x.Width) is { } sums) Emit(new ExpertSquareSum(node, route, result.Heads, x, sums));
        Emit(new ExpertProduct(last, route, x, matrix, result) { After = after });
        FinishChain(node, after, last, result);
    }

    /// <summary>The sorted uses of a choice of experts, which all its products share.</summary>
    private ExpertRoute Route(Node ids, int experts)
    {
        if (Here.Routes.TryGetValue(ids, out var known)) return known;
        return Here.Routes[ids] = Emit(new ExpertRoute(ids, ValueOf(ids), experts));
    }

    private void GetRows(Node node)
    {
        var after = ChainAfter(node, node.Op, out var last);
        var result = NewValue(last);
        var ids = node.Input(Slot.Ids).Op;
        var rows = Size(node.Input(Slot.Table), 0);
        if (ids == Op.Positions) _limits.Positions = Math.Min(_limits.Positions, rows);
        else if (ids == Op.Tokens) _limits.TokenIds = Math.Min(_limits.TokenIds, rows);
        Emit(new TableLookup(node, MatrixOf(node, Slot.Table, rows, result.Width), result) { After = after });
        FinishChain(node, after, last, result);
    }

    /// <summary>Lets the watch sum what products read, before they are computed.</summary>
    private void Watch(Node[] products, PlanValue x, bool perHead)
    {
        if (x.Rows.Domain != RowDomain.Constant && Watched(products, 1, perHead ? x.ElementsPerRow : x.Width) is { } sums)
            Emit(new SquareSum(products[^1], x, perHead, sums));
    }

    private SquareSums? Watched(Node[] products, int rows, int columns) => Array.TrueForAll(products, p => p.Input(Slot.Weight).IsLeaf)
        ? _request.Watch?.Invoke(Array.ConvertAll(products, p => p.Input(Slot.Weight).Name), rows, columns)
        : null;

    /// <summary>A weight of the file, or one computed from weights; with the bias and the scale of its product.</summary>
    private PlanMatrix MatrixOf(Node node, Slot slot, int rows, int width)
    {
        var weight = node.Input(slot);
        return new PlanMatrix(weight, weight.IsLeaf ? null : ValueOf(weight), rows, width, OptionalValue(node, Slot.Bias), OptionalValue(node, Slot.Scale));
    }
}
