using System.Globalization;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Backends;

/// <summary>
/// Which layers are on which device. Layers are the blocks of the graph, in their order, and after them one more: all that belongs to no block. It is on a
/// device only if all blocks are, since embeddings are read row by row, which is no work for a device.
/// </summary>
internal sealed class LayerPlacement
{
    // For activations, and for what the driver needs itself.
    private const long ReservedBytes = 384L << 20;

    private readonly OffloadBackend _options;
    private readonly List<string> _blocks;
    private readonly Dictionary<Node, int> _layers = [];
    private readonly HashSet<Node> _experts = [];
    private readonly IBackend[] _backends;

    public LayerPlacement(OffloadBackend options, PlacementRequest request)
    {
        _options = options;
        var nodes = request.Graph.Nodes.Where(node => !node.IsLeaf).ToArray();
        _blocks = [.. nodes.Select(BlockName.Of).OfType<string>().Distinct()];
        foreach (var node in nodes)
        {
            _layers[node] = BlockName.Of(node) is { } block ? _blocks.IndexOf(block) : _blocks.Count;
            if (_layers[node] < options.ExpertLayersOnCpu && IsOfExperts(node)) _experts.Add(node);
        }

        var bytes = BytesOfLayers(nodes, request);
        var free = options.Devices.Select(device => device.FreeBytes is { } b ? Math.Max(0, b - ReservedBytes) : long.MaxValue / 2).ToArray();
        var wanted = Math.Clamp(options.Layers ?? bytes.Length, 0, bytes.Length);
        var placed = options.Layers is null ? Fitting(bytes, free) : wanted;
        _backends = Assign(bytes, free, placed);
        Summary = Describe(bytes, free, placed);
    }

    /// <summary>One line that says what was placed where, and why.</summary>
    public string Summary { get; }

    /// <summary>The backend that computes a node.</summary>
    public IBackend BackendOf(Node node)
    {
        var backend = _experts.Contains(node) ? _options.Cpu : _backends[_layers[node]];
        return backend.Supports(node) ? backend : _options.Cpu;
    }

    // What is computed for each use of an expert, and the sum that ends it.
    private bool IsOfExperts(Node node) =>
        node.Op == Op.ExpertLinear || node.Inputs.OfType<Node>().Any(input => _experts.Contains(input) && input.Op != Op.WeightedSum);

    private long[] BytesOfLayers(Node[] nodes, PlacementRequest request)
    {
        var bytes = new long[_blocks.Count + 1];
        var seen = new HashSet<Node>();
        foreach (var node in nodes.Where(node => !_experts.Contains(node)))
        {
            bytes[_layers[node]] += request.CacheBytes(node);
            foreach (var weight in node.Inputs.OfType<Node>().Where(input => input.Op == Op.Weight && seen.Add(input)))
                bytes[_layers[node]] += request.Weights.Find(weight).ByteLength;
        }

        return bytes;
    }

    // The last layers that fit. On a device that shares the processor's memory it is all or none: dividing would be slower than either.
    private int Fitting(long[] bytes, long[] free)
    {
        var count = bytes.Length;
        while (count > 0 && !Fits(bytes, free, count)) count--;
        return count < bytes.Length && _options.Devices.Any(device => device.IsUnified) ? 0 : count;
    }

    private bool Fits(long[] bytes, long[] free, int count)
    {
        var backends = Assign(bytes, free, count);
        return !_options.Devices.Where((device, i) => bytes.Where((_, layer) => backends[layer] == device).Sum() > free[i]).Any();
    }

    /// <summary>The backend of each layer: the last on devices, each device with neighbours.</summary>
    private IBackend[] Assign(long[] bytes, long[] free, int count)
    {
        var backends = Enumerable.Repeat(_options.Cpu, bytes.Length).ToArray();
        // What belongs to no block comes last, and is counted last.
        var layers = Enumerable.Range(0, bytes.Length).Where(layer => layer >= bytes.Length - 1 - count && (layer < bytes.Length - 1 || count == bytes.Length));
        var placed = layers.ToArray();
        var shares = Shares(free);
        double total = Math.Max(1, placed.Sum(layer => (double)bytes[layer])), done = 0;
        foreach (var layer in placed)
        {
            // By the middle of the layer, so that rounding favours no device.
            var place = (done + (bytes[layer] / 2.0)) / total;
            var (device, end) = (0, shares[0]);
            while (device < shares.Length - 1 && place > end) end += shares[++device];
            backends[layer] = _options.Devices[device];
            done += bytes[layer];
        }

        return backends;
    }

    private double[] Shares(long[] free)
    {
        var shares = _options.Split.Count > 0
            ? [.. _options.Devices.Select((_, i) => i < _options.Split.Count ? _options.Split[i] : 0)]
            : free.Select(bytes => (double)bytes).ToArray();
        var sum = shares.Sum();
        return sum > 0 ? [.. shares.Select(share => share / sum)] : [.. shares.Select(_ => 1.0 / shares.Length)];
    }

    private string Describe(long[] bytes, long[] free, int count)
    {
        var parts = _options.Devices.Select((device, i) =>
        {
            var layers = Enumerable.Range(0, bytes.Length).Where(layer => _backends[layer] == device).ToArray();
            var room = device.FreeBytes is null ? "" : $" of {Gigabytes(free[i])} free";
            return $"{device.Name}: {layers.Length} layers, {Gigabytes(layers.Sum(layer => bytes[layer]))}{room}";
        });
        var rest = count == bytes.Length ? "" : $"; the other {bytes.Length - count} of {bytes.Length} are on the {_options.Cpu.Name}"
            + (_options.Layers is null ? ", since they do not fit" : "");
        return string.Join("; ", parts) + rest;
    }

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0#} GiB");
}
