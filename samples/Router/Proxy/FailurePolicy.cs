using ArchGen.Samples.Router.Routing;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>Gives a replica that cannot be reached or breaks off a rest, and forgets what it had: after a restart its cache is empty.</summary>
/// <param name="updater">Keeps the health of replicas.</param>
/// <param name="router">Knows what they have.</param>
/// <param name="options">The time of the rest.</param>
internal sealed class FailurePolicy(IDestinationHealthUpdater updater, PrefixRouter router, RouterOptions options) : IPassiveHealthCheckPolicy
{
    /// <summary>The name in YARP's configuration.</summary>
    public const string PolicyName = "Failure";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        // A client that leaves is no failure of the replica.
        if (context.RequestAborted.IsCancellationRequested) return;
        var isFailure = context.GetForwarderErrorFeature()?.Error is ForwarderError.Request or ForwarderError.RequestTimedOut
            or ForwarderError.RequestBodyDestination or ForwarderError.ResponseBodyDestination;
        if (!isFailure) return;
        router.Forget(destination.DestinationId);
        updater.SetPassive(cluster, destination, DestinationHealth.Unhealthy, options.Rest);
    }
}
