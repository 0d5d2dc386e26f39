using ArchGen.Graphs;

namespace ArchGen.Runtime.Backends;

/// <summary>
/// Several backends for one model: the last layers on devices, the others on the processor, as llama.cpp places them. What a device has no shader for is
/// computed by the processor, too.
/// </summary>
/// <param name="Devices">The devices, in the order of the layers that they get.</param>
/// <param name="Cpu">The processor.</param>
public sealed record OffloadBackend(IReadOnlyList<IBackend> Devices, IBackend Cpu) : IBackend
{
    /// <inheritdoc/>
    public string Name => string.Join('+', Devices.Append(Cpu).Select(backend => backend.Name));

    /// <summary>
    /// Layers on devices, counted from the last; one more than the model has are all with what comes before and after them. Defaults to null: as many as fit.
    /// </summary>
    public int? Layers { get; init; }

    /// <summary>The shares of the layers that the devices get, in their order. Defaults to none: by their free memory.</summary>
    public IReadOnlyList<double> Split { get; init; } = [];

    /// <summary>The number of layers, counted from the first, whose experts are computed by the processor. Defaults to 0.</summary>
    public int ExpertLayersOnCpu { get; init; }

    /// <summary>
    /// Whether the processor computes alone where a device fails as a context is opened; otherwise that is an error. Defaults to an error: whoever names a
    /// device wants it.
    /// </summary>
    public bool IsOptional { get; init; }

    /// <summary>Told in one line what was placed where, and why; null unless somebody wants it.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>The backend of each node.</summary>
    Func<Node, IBackend> IBackend.Place(PlacementRequest request)
    {
        var plan = new LayerPlacement(this, request);
        Report?.Invoke(plan.Summary);
        return plan.BackendOf;
    }

    IBackendSession IBackend.Open(SessionOptions options) => throw new InvalidOperationException($"{Name}: its parts are opened, not the whole.");
}

/// <summary>What placing the nodes of a graph depends on.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="CacheBytes">Gives the bytes that a node keeps of its sequences: keys and values, or a state.</param>
internal sealed record PlacementRequest(Graph Graph, Planning.ModelWeights Weights, Func<Node, long> CacheBytes);
