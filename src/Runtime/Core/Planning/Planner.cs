using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>
/// Makes a plan of a graph: gives each node a value (a buffer, or a view of another's), fuses and orders the steps, copies values from one backend
/// to another, and places the buffers by liveness. Each family of operations has a separate file.
/// </summary>
internal sealed partial class Planner
{
    private readonly PlanRequest _request;
    private readonly Graph _graph;
    private readonly PlanLimits _limits;
    private readonly List<PlanBuffer> _buffers = [];
    private readonly Dictionary<Node, List<Node>> _users = [];
    private readonly HashSet<Node> _scheduled = [];
    private readonly List<PlanStep> _steps = [];
    private PlanValue? _encoded;
    private PlanValue? _tokenRows;

    private readonly PlacedNodes[] _placed;

    // The backend of the node that is being scheduled.
    private int _backend;

    private Planner(PlanRequest request, PlanLimits limits)
    {
        _request = request;
        _graph = request.Graph;
        _placed = [.. request.Backends.Select(_ => new PlacedNodes())];
        _limits = limits;
        foreach (var node in _graph.Nodes)
        {
            foreach (var input in node.Inputs.OfType<Node>().Distinct()) (_users.TryGetValue(input, out var users) ? users : _users[input] = []).Add(node);
        }
    }

    /// <summary>The values and steps of the current backend so far.</summary>
    private PlacedNodes Here => _placed[_backend];

    /// <summary>Whether nodes may be computed together, so that the values between them are never seen.</summary>
    private bool MayFuse => !_request.IsObserved;

    /// <summary>Makes a plan.</summary>
    /// <param name="request">The inputs of the plan.</param>
    /// <param name="limits">The largest micro-batch; the graph's conditions on a batch are added.</param>
    /// <exception cref="ArchGenException">A weight is missing or has another size, or the numbers of a node do not fit its shapes.</exception>
    public static Plan Make(PlanRequest request, PlanLimits limits) => new Planner(request, limits).Make();

    private Plan Make()
    {
        foreach (var node in _graph.Nodes)
        {
            if (_scheduled.Contains(node)) continue;
            _backend = _request.Placement(node);
            if (node.IsLeaf) BindLeaf(node);
            else Schedule(node);
        }

        _backend = _request.Placement(_graph.Output);
        var output = Dense(_graph.Output);
        output.Buffer.UseAt(int.MaxValue);
        return new Plan
        {
            Constants = Parts(RowDomain.Constant),
            Encoder = Parts(RowDomain.Encoder),
            Tokens = Parts(RowDomain.Tokens, RowDomain.Outputs),
            Buffers = _buffers,
            ArenaBytes = [.. Enumerable.Range(0, _request.Backends.Count).Select(PlaceBuffers)],
            Encoded = _encoded,
            TokenRows = _tokenRows,
            Output = output,
            Limits = _limits,
        };
    }

    private PlanPart[] Parts(params RowDomain[] domains)
    {
        var parts = new List<PlanPart>();
        var steps = new List<PlanStep>();
        foreach (var step in _steps.Where(s => domains.Contains(s.Domain)))
        {
            if (steps.Count > 0 && steps[^1].Backend != step.Backend)
            {
                parts.Add(new PlanPart(steps[^1].Backend, [.. steps]));
                steps.Clear();
            }

            steps.Add(step);
        }

        if (steps.Count > 0) parts.Add(new PlanPart(steps[^1].Backend, [.. steps]));
        return [.. parts];
    }

    private long PlaceBuffers(int backend)
    {
        var shared = _buffers.Where(b => b.Backend == backend && !b.IsPersistent && b.Last >= 0).ToArray();
        var (offsets, bytes) = ArenaPlanner.Place(
            [.. shared.Select(b => new Lifetime(b.Bytes, b.First, b.Last))], _request.Backends[backend].ArenaBlockBytes);
        for (var i = 0; i < shared.Length; i++) shared[i].PlaceAt(offsets[i]);
        return bytes;
    }

    private void BindLeaf(Node node)
    {
        switch (node.Op)
        {
            case Op.Encoded when DomainOf(node.Shape) == RowDomain.Tokens:
                var (rows, heads, width) = DimsOf(node);
                _tokenRows = Here.Values[node] = NewValue(rows, heads, width, isPersistent: true);
                _homes[node] = _backend;
                break;
            case Op.Encoded:
                _limits.NeedsEncoder = true;
                _encoded = Here.Values[node] = NewValue(node);
                _homes[node] = _backend;
                break;
            case Op.State or Op.Tokens or Op.Positions or Op.Segments or Op.Weight:
                break;
            default:
                throw new InvalidOperationException($"{node}: no rule to bind this leaf");
        }
    }

    /// <summary>Appends a step to those of the present backend, with the scratch memory that the backend asks for.</summary>
    private TStep Emit<TStep>(TStep step) where TStep : PlanStep
    {
        var scratch = _request.Backends[_backend].ScratchBytes(step, _limits).Select(bytes => NewBuffer(bytes)).ToArray();
        return Append(step with { Backend = _backend, Scratch = scratch });
    }

    /// <summary>Appends a step that the plan's runner runs, between backends.</summary>
    private void EmitCrossing(PlanStep step) => Append(step with { Backend = -1 });

    private TStep Append<TStep>(TStep step) where TStep : PlanStep
    {
        foreach (var value in step.Reads.Concat(step.Writes)) value.Buffer.UseAt(_steps.Count);
        foreach (var buffer in step.Scratch.Concat(step.Prerequisite?.Scratch ?? [])) buffer.UseAt(_steps.Count);
        _steps.Add(step);
        return step;
    }

    /// <summary>Notes that a node has its value, and shows it to the observer.</summary>
    private void Finish(Node node, PlanValue value)
    {
        _scheduled.Add(node);
        AddWork(node);
        Define(node, value);
        if (_request.IsObserved) EmitCrossing(new Observation(node, value));
    }

    /// <summary>The values of one backend, and the steps that several others read.</summary>
    private sealed class PlacedNodes
    {
        public Dictionary<Node, PlanValue> Values { get; } = [];

        public Dictionary<Node, ExpertRoute> Routes { get; } = [];

        public List<RotaryTable> RotaryTables { get; } = [];

        public HashSet<string> StoredCaches { get; } = new(StringComparer.Ordinal);
    }
}
