using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Backends;

/// <summary>The backends of a context, opened, and which of them computes which node.</summary>
internal sealed class PlacedBackends : IDisposable
{
    private readonly List<IBackend> _backends = [];
    private readonly List<IBackendSession> _sessions = [];
    private readonly Dictionary<Node, int> _places = [];

    /// <summary>Opens the backends that a graph is placed on, the context's own first.</summary>
    public PlacedBackends(Graph graph, ContextOptions options, ModelWeights weights, CellTable cells)
    {
        var place = options.Backend.Place(new PlacementRequest(graph, weights, node => CacheBytes(node, options)));
        foreach (var node in graph.Nodes.Where(node => !node.IsLeaf))
            _places[node] = PlaceOf(Checked(node, options.Placement?.Invoke(node) ?? place(node)));

        try
        {
            var session = new SessionOptions(weights, cells, options.CacheType, options.MaxSequences, StatesOf(options));
            foreach (var backend in _backends) _sessions.Add(backend.Open(session));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The backends at work, in the order of their places.</summary>
    public IReadOnlyList<IBackendSession> Sessions => _sessions;

    /// <summary>The place of the backend that computes a node.</summary>
    public int PlaceOf(Node node) => _places.GetValueOrDefault(node);

    /// <summary>Makes the recurrent states of a sequence zeros.</summary>
    public void ClearStates(int sequence)
    {
        foreach (var session in _sessions) session.ClearStates(sequence);
    }

    /// <summary>Copies the recurrent states of a sequence to another.</summary>
    public void CopyStates(int from, int to)
    {
        foreach (var session in _sessions) session.CopyStates(from, to);
    }

    public void Dispose()
    {
        foreach (var session in _sessions) session.Dispose();
    }

    private static IBackend Checked(Node node, IBackend backend) => backend.Supports(node) ? backend
        : throw new RequestException($"{node}: the backend {backend.Name} does not have this operation. Choose the cpu backend.");

    private static long CacheBytes(Node node, ContextOptions options)
    {
        if (node.Find(Slot.State) is { } state) return state.Shape.Elements.IsConstant(out var elements) ? elements * sizeof(float) * StatesOf(options) : 0;
        if (node.Op != Op.Attention) return 0;
        var type = options.CacheType;
        return options.ContextLength * (BytesPerPosition(node.Input(Slot.Key), type) + BytesPerPosition(node.Input(Slot.Value), type));
    }

    private static int StatesOf(ContextOptions options) => options.MaxSequences + options.Checkpoints;

    private static long BytesPerPosition(Node node, CacheType type) =>
        node.Shape[1].IsConstant(out var heads) && node.Shape.Last.IsConstant(out var width) ? heads * type.RowBytes((int)width) : 0;

    private int PlaceOf(IBackend backend)
    {
        if (!_backends.Contains(backend)) _backends.Add(backend);
        return _backends.IndexOf(backend);
    }
}
