using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <summary>
/// The plans of a context, one for each set of adapters. They share the sessions of the backends, and thereby weights, caches and states. A micro-batch is run
/// by one of them.
/// </summary>
internal sealed class AdapterPlans : IDisposable
{
    private readonly IReadOnlyList<PlanRequest> _requests;
    private readonly NodeObserver? _observer;
    private PlanRunner[] _plans;

    /// <summary>Compiles the plans.</summary>
    public AdapterPlans(IReadOnlyList<PlanRequest> requests, NodeObserver? observer, PlanLimits limits)
    {
        (_requests, _observer) = (requests, observer);
        _plans = Compile(limits);
    }

    /// <summary>The plan of a set.</summary>
    public PlanRunner this[int set] => _plans[set];

    /// <summary>The number of sets.</summary>
    public int Count => _plans.Length;

    /// <summary>The largest micro-batch, and the conditions on a batch: the same for all.</summary>
    public PlanLimits Limits => _plans[0].Plan.Limits;

    /// <summary>Replaces the plans by larger ones; cache and states stay.</summary>
    public void Grow(PlanLimits limits)
    {
        var plans = Compile(limits);
        Dispose();
        _plans = plans;
    }

    /// <summary>Computes what depends on the encoder's rows alone.</summary>
    public void RunEncoder(ReadOnlySpan<float> encoded, Frame frame, CancellationToken cancellation)
    {
        foreach (var plan in _plans) plan.RunEncoder(encoded, frame, cancellation);
    }

    public void Dispose()
    {
        foreach (var plan in _plans) plan.Dispose();
    }

    private PlanRunner[] Compile(PlanLimits limits)
    {
        var plans = new List<PlanRunner>();
        try
        {
            // Planning completes the limits by the conditions of its graph.
            foreach (var request in _requests) plans.Add(new PlanRunner(Planner.Make(request, limits with { }), request.Backends, _observer));
            return [.. plans];
        }
        catch
        {
            foreach (var plan in plans) plan.Dispose();
            throw;
        }
    }
}
