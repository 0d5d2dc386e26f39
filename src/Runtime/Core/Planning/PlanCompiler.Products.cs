using ArchGen.Cpu.Steps;
using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <content>Matrix products and tables.</content>
internal sealed unsafe partial class PlanCompiler
{
    private readonly Dictionary<Node, (ExpertRouting Routing, Buffer[] Memory)> _routings = [];

    /// <summary>Products that read the same activations are one step, so that these are prepared once.</summary>
    private void Linear(Node node)
    {
        var kernel = _weights.Kernel(TypeOf(node.Inputs[1]!));
        var group = MayFuse
            ? _users[node.Inputs[0]!].Where(user => user.Op == Op.Linear && user.Inputs[0] == node.Inputs[0] && user.Inputs[1]!.IsLeaf
                && _weights.Kernel(TypeOf(user.Inputs[1]!)).SharesPreparationWith(kernel)).ToArray()
            : [node];
        if (!group.Contains(node)) group = [node];
        Watch(group, Matrix(node.Inputs[0]!), perHead: false);
        if (FindGate(group) is { } gate)
        {
            GatedLinear(gate);
            return;
        }

        var x = Matrix(node.Inputs[0]!);
        var results = Array.ConvertAll(group, NewValue);
        var biases = Array.ConvertAll(group, n => OptionalValue(n, 2));
        var scales = Array.ConvertAll(group, n => OptionalValue(n, 3));
        var prepared = NewBuffer(kernel.PreparedBytes(Capacity(x.Rows) * x.Heads, x.Width));
        Emit(group[^1], x.Rows.Domain, [x, .. results], () =>
        {
            var matrices = new MatrixOperand[group.Length];
            for (var i = 0; i < matrices.Length; i++)
                matrices[i] = MatrixOf(group[i].Inputs[1]!, results[i].Width, x.Width, Address(biases[i]), Address(scales[i]));
            return new LinearStep(group[^1], x.Rows, x.View(), matrices, Array.ConvertAll(results, r => r.View()), prepared);
        }, prepared);
        for (var i = 0; i < group.Length; i++) Finish(group[i], results[i]);
    }

    /// <summary>Two products of the same activations, one of which gates the other, as in SwiGLU (arXiv:2002.05202): act(x G^T) * (x U^T).</summary>
    private Gate? FindGate(Node[] group)
    {
        if (group.Length != 2 || !MayFuse) return null;
        foreach (var (gate, up) in new[] { (group[0], group[1]), (group[1], group[0]) })
        {
            if (OnlyUser(gate) is { } activation && activation.Spec.Nonlinearity == Nonlinearity.Activation
                && OnlyUser(activation) is { Op: Op.Multiply } product && OnlyUser(up) == product)
            {
                return new Gate(gate, activation, up, product);
            }
        }

        return null;
    }

    private Node? OnlyUser(Node node) => node != _graph.Output && _users.TryGetValue(node, out var users) && users.Count == 1 ? users[0] : null;

    private void GatedLinear(Gate gate)
    {
        switch (gate.Activation.Op)
        {
            case Op.Silu: GatedLinear<Silu>(gate); break;
            case Op.Gelu: GatedLinear<Gelu>(gate); break;
            case Op.GeluTanh: GatedLinear<GeluTanh>(gate); break;
            case Op.GeluQuick: GatedLinear<GeluQuick>(gate); break;
            case Op.Relu: GatedLinear<Relu>(gate); break;
            case Op.ReluSquared: GatedLinear<ReluSquared>(gate); break;
            default: GatedLinear<Sigmoid>(gate); break;
        }
    }

    private void GatedLinear<TActivation>(Gate gate) where TActivation : struct, IUnary
    {
        Value x = Matrix(gate.Linear.Inputs[0]!), y = NewValue(gate.Product), up = NewValue(gate.Up);
        Value? gateBias = OptionalValue(gate.Linear, 2), gateScale = OptionalValue(gate.Linear, 3);
        Value? upBias = OptionalValue(gate.Up, 2), upScale = OptionalValue(gate.Up, 3);
        var prepared = NewBuffer(_weights.Kernel(TypeOf(gate.Linear.Inputs[1]!)).PreparedBytes(Capacity(x.Rows) * x.Heads, x.Width));
        Emit(gate.Product, x.Rows.Domain, [x, y, up], () => new GatedLinearStep<TActivation>(
            gate.Product,
            x.Rows,
            x.View(),
            MatrixOf(gate.Linear.Inputs[1]!, y.Width, x.Width, Address(gateBias), Address(gateScale)),
            MatrixOf(gate.Up.Inputs[1]!, y.Width, x.Width, Address(upBias), Address(upScale)),
            y.View(),
            up.View(),
            prepared), prepared);
        foreach (var node in new[] { gate.Linear, gate.Activation, gate.Up })
        {
            _scheduled.Add(node);
            AddWork(node);
        }

        Finish(gate.Product, y);
    }

    private sealed record Gate(Node Linear, Node Activation, Node Up, Node Product);

    private void HeadLinear(Node node)
    {
        Value x = ValueOf(node.Inputs[0]!), y = NewValue(node);
        Watch([node], x, perHead: true);
        var kernel = _weights.Kernel(TypeOf(node.Inputs[1]!));
        var perHead = (kernel.PreparedBytes(Capacity(x.Rows), x.Width) + 63) & ~63L;
        var prepared = NewBuffer(perHead * x.Heads);
        Emit(node, y.Rows.Domain, [x, y], () => new HeadLinearStep(
            node, x.Rows, x.View(), MatrixOf(node.Inputs[1]!, y.Width, x.Width, 0, 0), y.View(), prepared, perHead), prepared);
        Finish(node, y);
    }

    private void ExpertLinear(Node node)
    {
        Value x = Matrix(node.Inputs[0]!), y = NewValue(node);
        var used = y.Heads;
        var experts = Size(node.Inputs[1]!, 0);
        var uses = Capacity(y.Rows) * used;
        var bias = OptionalValue(node, 3);
        var scale = OptionalValue(node, 4);
        var (routing, routingMemory) = Route(node.Inputs[2]!, experts, uses);
        if (Watched([node], experts, x.Width) is { } sums)
            Emit(node, y.Rows.Domain, [x], () => new ExpertSquareSumStep(node, routing, used, x.View(), sums), routingMemory);
        var kernel = _weights.Kernel(TypeOf(node.Inputs[1]!));
        var prepared = NewBuffer(ExpertLinearStep.PreparedBytes(kernel, experts, uses, x.Width));
        var sorted = NewBuffer((long)uses * y.Width * sizeof(float));
        var sources = NewBuffer((long)uses * sizeof(int));
        Emit(node, y.Rows.Domain, [x, y], () => new ExpertLinearStep(
            node, routing, used, x.View(), MatrixOf(node.Inputs[1]!, y.Width, x.Width, Address(bias), Address(scale)), y.View(), sources, prepared, sorted),
            [prepared, sorted, sources, .. routingMemory]);
        Finish(node, y);
    }

    /// <summary>The sorted uses of a choice of experts, which all its products share.</summary>
    private (ExpertRouting Routing, Buffer[] Memory) Route(Node ids, int experts, int uses)
    {
        if (_routings.TryGetValue(ids, out var known)) return known;
        var chosen = ValueOf(ids);
        Buffer begins = NewBuffer((experts + 1L) * sizeof(int)), sorted = NewBuffer((long)uses * sizeof(int)), active = NewBuffer((long)experts * sizeof(int));
        var routing = new ExpertRouting(experts, begins, sorted, active);
        Emit(ids, chosen.Rows.Domain, [chosen], () => new RouteStep(ids, chosen.Rows, chosen.View(), routing), begins, sorted, active);
        return _routings[ids] = (routing, [begins, sorted, active]);
    }

    private void GetRows(Node node)
    {
        var y = NewValue(node);
        var ids = node.Inputs[1]!.Op;
        var rows = Size(node.Inputs[0]!, 0);
        if (ids == Op.Positions) _limits.Positions = Math.Min(_limits.Positions, rows);
        else if (ids == Op.Tokens) _limits.TokenIds = Math.Min(_limits.TokenIds, rows);
        Emit(node, y.Rows.Domain, [y], () => new GetRowsStep(node, MatrixOf(node.Inputs[0]!, rows, y.Width, 0, 0), y.View()));
        Finish(node, y);
    }

    /// <summary>Lets the watch sum what products read, before they are computed.</summary>
    private void Watch(Node[] products, Value x, bool perHead)
    {
        if (x.Rows.Domain != RowDomain.Constant && Watched(products, 1, perHead ? x.ElementsPerRow : x.Width) is { } sums)
            Emit(products[^1], x.Rows.Domain, [x], () => new SquareSumStep(products[^1], x.Rows, x.View(), perHead, sums));
    }

    private SquareSums? Watched(Node[] products, int rows, int columns) =>
        Array.TrueForAll(products, p => p.Inputs[1]!.IsLeaf) ? _watch?.Invoke(Array.ConvertAll(products, p => p.Inputs[1]!.Name), rows, columns) : null;

    private TensorType TypeOf(Node weight) => weight.IsLeaf ? _weights.Find(weight).Type : TensorType.F32;

    /// <summary>A weight as it lies in the file, or one computed from weights, as floats.</summary>
    private MatrixOperand MatrixOf(Node weight, int rows, int width, nint bias, nint scale)
    {
        if (weight.IsLeaf) return _weights.Matrix(_weights.Find(weight), rows, width, bias, scale);
        var view = ValueOf(weight).View();
        return new MatrixOperand(_weights.Kernel(TensorType.F32), (nint)view.Data, view.HeadStride * sizeof(float), rows, bias, scale);
    }

    private static nint Address(Value? value) => value is null ? 0 : (nint)value.View().Data;
}
