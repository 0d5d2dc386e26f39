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

    /// <summary>Opens the backends that graphs are placed on, the context's own first.</summary>
    /// <param name="graphs">A graph, and others that differ from it in inserted nodes. They share its caches, so that each node is where it is in it.</param>
    /// <param name="options">The options of the context.</param>
    /// <param name="weights">The weights of all graphs.</param>
    /// <param name="cells">The cells of the KV cache.</param>
    public PlacedBackends(IReadOnlyList<Graph> graphs, ContextOptions options, ModelWeights weights, CellTable cells)
    {
        var place = options.Backend.Place(new PlacementRequest(graphs[0], weights, node => CacheBytes(node, options)));
        var byName = new Dictionary<string, IBackend>(StringComparer.Ordinal);
        foreach (var node in graphs[0].Nodes.Where(node => !node.IsLeaf))
        {
            var backend = Checked(node, options.Placement?.Invoke(node) ?? place(node));
            _places[node] = PlaceOf(backend);
            byName.TryAdd(node.Name, backend);
        }

        foreach (var node in graphs.Skip(1).SelectMany(graph => graph.Nodes).Where(node => !node.IsLeaf))
            _places[node] = PlaceOf(Checked(node, options.Placement?.Invoke(node) ?? Nearest(node.Name, byName) ?? options.Backend));

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

    /// <summary>The backends, in the order of their places.</summary>
    public IReadOnlyList<IBackend> Backends => _backends;

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

    // An inserted node has the name of the node that it was inserted for, and in parentheses what it is.
    private static IBackend? Nearest(string name, Dictionary<string, IBackend> byName)
    {
        for (IBackend? backend; ; name = name[..name.LastIndexOf(" (", StringComparison.Ordinal)])
        {
            if (byName.TryGetValue(name, out backend) || !name.Contains(" (", StringComparison.Ordinal)) return backend;
        }
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
