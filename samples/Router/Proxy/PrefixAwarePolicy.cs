using ArchGen.Samples.Router.Routing;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>The router's choice as a policy of YARP.</summary>
/// <param name="router">Chooses.</param>
internal sealed class PrefixAwarePolicy(PrefixRouter router) : ILoadBalancingPolicy
{
    /// <summary>The name in YARP's configuration.</summary>
    public const string PolicyName = "PrefixAware";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        var routed = RoutedRequest.Of(context);
        routed.Assignment = router.Begin(routed.Chain, [.. availableDestinations.Select(destination => destination.DestinationId)]);
        return availableDestinations.First(destination => destination.DestinationId == routed.Assignment.Replica);
    }
}
