using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>Counts a request as load of its replica while it is there, and reads what the replica says of its cache.</summary>
/// <param name="next">What sends the request.</param>
/// <param name="router">The loads.</param>
/// <param name="counters">Counts.</param>
internal sealed class LoadTracking(RequestDelegate next, PrefixRouter router, RouterCounters counters)
{
    /// <summary>Sends the request to the replica that was chosen.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var routed = RoutedRequest.Of(context);
        // YARP's other policies choose without the router, and of one replica none chooses.
        using var assignment = routed.Assignment ?? router.Begin(routed.Chain, context.GetReverseProxyFeature().AvailableDestinations[0].DestinationId);
        routed.Assignment = null;
        counters.Sent(assignment.Reason);
        var body = context.Response.Body;
        var tail = new ResponseTail(body);
        context.Response.Body = tail;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        if (context.Response.StatusCode != StatusCodes.Status200OK) return;
        if (CacheReport.Read(routed.CachedHeader, tail.Text) is var (cached, prompt, answer)) assignment.Report(cached, prompt, answer);
    }
}
