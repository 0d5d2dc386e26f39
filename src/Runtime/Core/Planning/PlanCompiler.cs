using ArchGen.Cpu.Steps;
using ArchGen.Cpu.Threading;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <summary>
/// Turns a graph into a plan: gives each node a value (a buffer, or a view of another's), orders the kernels, places the buffers by liveness,
/// then makes the steps. The kernels of each family of operations are chosen in a file of their own.
/// </summary>
internal sealed unsafe partial class PlanCompiler
{
    private readonly Graph _graph;
    private readonly WeightBinding _weights;
    private readonly SequenceMemory _sequences;
    private readonly WorkerPool _pool;
    private readonly NodeObserver? _observer;
    private readonly ProductWatch? _watch;
    private readonly PlanLimits _limits;
    private readonly NativeBlocks _memory = new();
    private readonly List<Buffer> _buffers = [];
    private readonly Dictionary<Node, Value> _values = [];
    private readonly Dictionary<Node, List<Node>> _users = [];
    private readonly Dictionary<Buffer, List<Node>> _residents = [];
    private readonly HashSet<Node> _scheduled = [];
    private readonly List<PendingStep> _pending = [];
    private Value? _encoded;

    private PlanCompiler(
        Graph graph, WeightBinding weights, SequenceMemory sequences, WorkerPool pool, PlanLimits limits, NodeObserver? observer, ProductWatch? watch)
    {
        (_graph, _weights, _sequences, _pool, _limits, _observer, _watch) = (graph, weights, sequences, pool, limits, observer, watch);
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs.OfType<Node>().Distinct()) (_users.TryGetValue(input, out var users) ? users : _users[input] = []).Add(node);
        }
    }

    /// <summary>Whether nodes may be computed together, so that the values between them are never seen.</summary>
    private bool MayFuse => _observer is null;

    /// <summary>Compiles a graph in which outputs have been selected.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">Its weights; the file must stay open as long as the plan is used.</param>
    /// <param name="sequences">Where keys, values and states are kept.</param>
    /// <param name="pool">The threads that the plan will be run on.</param>
    /// <param name="limits">The largest micro-batch; what the graph demands of a batch is noted here.</param>
    /// <param name="observer">Sees each node's values; null if nobody watches, and nodes may be fused.</param>
    /// <param name="watch">Sums what products read; null if nobody wants it.</param>
    public static Plan Compile(
        Graph graph, WeightBinding weights, SequenceMemory sequences, WorkerPool pool, PlanLimits limits, NodeObserver? observer, ProductWatch? watch)
    {
        var compiler = new PlanCompiler(graph, weights, sequences, pool, limits, observer, watch);
        try
        {
            return compiler.Compile();
        }
        catch
        {
            compiler._memory.Dispose();
            throw;
        }
    }

    private Plan Compile()
    {
        foreach (var node in _graph.Nodes)
        {
            if (_scheduled.Contains(node)) continue;
            if (node.IsLeaf) BindLeaf(node);
            else Schedule(node);
        }

        var output = Dense(_graph.Output);
        output.Buffer.UseAt(int.MaxValue);
        var arena = PlaceBuffers();
        // Constants first: other steps may take numbers from them as they are made.
        using (var frame = new Frame(0))
        {
            foreach (var step in Make(RowDomain.Constant)) step.Run(frame, _pool);
        }

        var encoderSteps = Make(RowDomain.Encoder);
        var tokenSteps = Make(RowDomain.Tokens, RowDomain.Outputs);
        return new Plan(encoderSteps, tokenSteps, _encoded?.View() ?? default, output.View(), _limits, arena, _memory);
    }

    private Step[] Make(params RowDomain[] domains) => [.. _pending.Where(p => domains.Contains(p.Domain)).Select(MakeStep)];

    private static Step MakeStep(PendingStep pending)
    {
        var step = pending.Make();
        (step.Domain, step.Work) = (pending.Domain, pending.Work);
        return step;
    }

    private long PlaceBuffers()
    {
        var shared = _buffers.Where(b => !b.IsPersistent && b.Last >= 0).ToArray();
        var (offsets, bytes) = ArenaPlanner.Place([.. shared.Select(b => new Lifetime(b.Bytes, b.First, b.Last))]);
        var arena = _memory.Allocate(bytes);
        for (var i = 0; i < shared.Length; i++) shared[i].Pointer = arena + (nint)offsets[i];
        foreach (var buffer in _buffers.Where(b => b.IsPersistent && b.Pointer == 0)) buffer.Pointer = _memory.Allocate(buffer.Bytes);
        return bytes;
    }

    private void BindLeaf(Node node)
    {
        var (rows, heads, width) = DimsOf(node);
        switch (node.Op)
        {
            case Op.Encoded:
                _limits.NeedsEncoder = true;
                _encoded = _values[node] = NewValue(rows, heads, width);
                break;
            case Op.State or Op.Tokens or Op.Positions or Op.Segments or Op.Weight:
                break;
            default:
                throw new InvalidOperationException($"{node}: no rule to bind this leaf");
        }
    }

    /// <summary>The value of a node; of a weight, its floats.</summary>
    private Value ValueOf(Node node)
    {
        if (_values.TryGetValue(node, out var value)) return value;
        if (node.Op != Op.Weight) throw new InvalidOperationException($"{node} has no value");
        var (rows, heads, width) = DimsOf(node);
        var tensor = _weights.Find(node);
        var buffer = new Buffer { Bytes = tensor.ElementCount * sizeof(float), IsPersistent = true, Pointer = _weights.Floats(tensor, _memory) };
        return _values[node] = new Value(buffer, rows, 0, heads, width, (long)heads * width, width);
    }

    /// <summary>The value with dense rows, copied if it must be.</summary>
    private Value Dense(Node node) => Arranged(node, value => value.HasDenseRows);

    /// <summary>The value with evenly spaced heads, copied if it must be.</summary>
    private Value Matrix(Node node) => Arranged(node, value => value.IsMatrix);

    private Value Arranged(Node node, Func<Value, bool> isArranged)
    {
        var value = ValueOf(node);
        if (isArranged(value)) return value;
        var copy = NewValue(value.Rows, value.Heads, value.Width);
        Emit(node, value.Rows.Domain, [value, copy], () => new CopyStep(node, value.Rows, value.View(), copy.View()));
        return _values[node] = copy;
    }

    /// <summary>Appends a step. Its buffers live here; it is made when they have their place.</summary>
    private void Emit(Node node, RowDomain domain, ReadOnlySpan<Value> values, Func<Step> make, params ReadOnlySpan<Buffer> scratch)
    {
        foreach (var value in values) value.Buffer.UseAt(_pending.Count);
        foreach (var buffer in scratch) buffer.UseAt(_pending.Count);
        _pending.Add(new PendingStep(domain, make, default));
    }

    /// <summary>Notes that a node has its value, and shows it to the observer.</summary>
    private void Finish(Node node, Value value)
    {
        _scheduled.Add(node);
        AddWork(node);
        _values[node] = value;
        (_residents.TryGetValue(value.Buffer, out var residents) ? residents : _residents[value.Buffer] = []).Add(node);
        if (_observer is null) return;
        Emit(node, value.Rows.Domain, [value], () => new ObserveStep(node, value.Rows, value.View(), _observer));
    }

    /// <summary>
    /// The operand's own memory for the result, where an operation may write over what it reads: if the result is as large, and nobody else
    /// will read what lies there.
    /// </summary>
    private Value? InPlace(Node node, Value operand)
    {
        if (operand.Buffer.IsPersistent || !_residents.TryGetValue(operand.Buffer, out var residents)) return null;
        var (rows, heads, width) = DimsOf(node);
        var result = new Value(operand.Buffer, rows, 0, heads, width, (long)heads * width, width);
        if (result != operand with { HeadStride = width } || !operand.HasDenseRows) return null;
        var isLast = residents.All(resident => resident != _graph.Output && _users[resident].All(user => user == node || _scheduled.Contains(user)));
        return isLast ? result : null;
    }

    private Value? OptionalValue(Node node, int slot) => slot < node.Inputs.Count && node.Inputs[slot] is { } input ? ValueOf(input) : null;

    private Value NewValue(RowCount rows, int heads, int width)
    {
        var buffer = NewBuffer((long)Capacity(rows) * heads * width * sizeof(float));
        buffer.IsPersistent = rows.Domain is RowDomain.Constant or RowDomain.Encoder;
        return new Value(buffer, rows, 0, heads, width, (long)heads * width, width);
    }

    private Value NewValue(Node node)
    {
        var (rows, heads, width) = DimsOf(node);
        return NewValue(rows, heads, width);
    }

    private Buffer NewBuffer(long bytes)
    {
        var buffer = new Buffer { Bytes = Math.Max(bytes, sizeof(float)) };
        _buffers.Add(buffer);
        return buffer;
    }

    private int Capacity(RowCount rows) => rows.Domain switch
    {
        RowDomain.Tokens => _limits.Tokens,
        RowDomain.Outputs => _limits.Outputs,
        RowDomain.Encoder => _limits.EncoderTokens,
        _ => rows.Constant,
    };

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
        : shape[0].Equals(Dim.Symbol("O")) ? RowDomain.Outputs
        : RowDomain.Constant;

    private static int Size(Node node, int dimension) => node.Shape[dimension].IsConstant(out var size) && size is > 0 and <= int.MaxValue
        ? (int)size
        : throw new ArchGenException(
            $"{node.Name}: dimension {dimension} of shape {node.Shape} is not a size. Check the hyper-parameters it is computed from.");

    private readonly record struct PendingStep(RowDomain Domain, Func<Step> Make, OpWork Work);
}
