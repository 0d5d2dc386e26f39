using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <content>The values of nodes: on the backend that computes them, and their copies on others.</content>
internal sealed partial class Planner
{
    private readonly Dictionary<Node, int> _homes = [];
    private readonly Dictionary<PlanBuffer, List<Node>> _residents = [];

    private void Define(Node node, PlanValue value)
    {
        Here.Values[node] = value;
        _homes[node] = _backend;
        (_residents.TryGetValue(value.Buffer, out var residents) ? residents : _residents[value.Buffer] = []).Add(node);
    }

    /// <summary>The value of a node on the present backend; of a weight, its floats.</summary>
    private PlanValue ValueOf(Node node)
    {
        if (Here.Values.TryGetValue(node, out var value)) return value;
        if (node.Op != Op.Weight) return Here.Values[node] = Transferred(node);
        var (rows, heads, width) = DimsOf(node);
        var buffer = new PlanBuffer(_backend, _request.Weights.Find(node).ElementCount * sizeof(float)) { IsPersistent = true, Weight = node };
        _buffers.Add(buffer);
        return Here.Values[node] = new PlanValue(buffer, rows, 0, heads, width, (long)heads * width, width);
    }

    private PlanValue Transferred(Node node)
    {
        if (!_homes.TryGetValue(node, out var home)) throw new InvalidOperationException($"{node} has no value");
        var target = _backend;
        _backend = home;
        var from = Dense(node);
        _backend = target;
        var to = NewValue(from.Rows, from.Heads, from.Width);
        EmitCrossing(new Transfer(node, from, to));
        return to;
    }

    /// <summary>The value with dense rows, copied if it must be.</summary>
    private PlanValue Dense(Node node) => Arranged(node, value => value.HasDenseRows);

    /// <summary>The value with evenly spaced heads, copied if it must be.</summary>
    private PlanValue Matrix(Node node) => Arranged(node, value => value.IsMatrix);

    private PlanValue Arranged(Node node, Func<PlanValue, bool> isArranged)
    {
        var value = ValueOf(node);
        if (isArranged(value)) return value;
        var copy = NewValue(value.Rows, value.Heads, value.Width);
        Emit(new Copy(node, value, copy));
        return Here.Values[node] = copy;
    }

    private PlanValue? OptionalValue(Node node, Slot slot) => node.Find(slot) is { } input ? ValueOf(input) : null;

    /// <summary>
    /// The operand's own memory for the result, if an operation may overwrite what it reads: if the result is as large, and no other operation
    /// will read that memory.
    /// </summary>
    private PlanValue? InPlace(Node node, PlanValue operand)
    {
        if (operand.Buffer.IsPersistent || !_residents.TryGetValue(operand.Buffer, out var residents)) return null;
        var (rows, heads, width) = DimsOf(node);
        var result = new PlanValue(operand.Buffer, rows, 0, heads, width, (long)heads * width, width);
        if (result != operand with { HeadStride = width } || !operand.HasDenseRows) return null;
        var isLast = residents.All(resident => resident != _graph.Output && _users[resident].All(user => user == node || _scheduled.Contains(user)));
        return isLast ? result : null;
    }

    private PlanValue NewValue(RowCount rows, int heads, int width, bool isPersistent = false)
    {
        isPersistent |= rows.Domain is RowDomain.Constant or RowDomain.Encoder;
        var buffer = NewBuffer((long)_limits.Capacity(rows) * heads * width * sizeof(float), isPersistent);
        return new PlanValue(buffer, rows, 0, heads, width, (long)heads * width, width);
    }

    private PlanValue NewValue(Node node)
    {
        var (rows, heads, width) = DimsOf(node);
        return NewValue(rows, heads, width);
    }

    private PlanBuffer NewBuffer(long bytes, bool isPersistent = false)
    {
        var buffer = new PlanBuffer(_backend, Math.Max(bytes, sizeof(float))) { IsPersistent = isPersistent };
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>A shape as rows, heads and width. The first dimension of a constant is one of heads or width, unless it has three.</summary>
    private static (RowCount Rows, int Heads, int Width) DimsOf(Node node)
    {
        var shape = node.Shape;
        var domain = DomainOf(shape);
        if (shape.Rank > 3) throw new InvalidOperationException($"{node}: values have at most three dimensions");
        if (domain != RowDomain.Constant)
            return (new RowCount(domain, 0), shape.Rank == 3 ? Size(node, 1) : 1, shape.Rank >= 2 ? Size(node, shape.Rank - 1) : 1);
        return (new RowCount(domain, shape.Rank == 3 ? Size(node, 0) : 1), shape.Rank >= 2 ? Size(node, shape.Rank - 2) : 1, Size(node, shape.Rank - 1));
    }

    private static RowDomain DomainOf(Shape shape) =>
        shape[0].Equals(Dim.Tokens) ? RowDomain.Tokens
        : shape[0].Equals(Dim.EncoderTokens) ? RowDomain.Encoder
        : shape[0].Equals(Dim.Outputs) ? RowDomain.Outputs
        : RowDomain.Constant;

    private static int Size(Node node, int dimension) => node.Shape[dimension].IsConstant(out var size) && size is > 0 and <= int.MaxValue
        ? (int)size
        : throw new GraphException(
            $"{node.Name}: dimension {dimension} of shape {node.Shape} is not a size. Check the hyper-parameters it is computed from.");
}
