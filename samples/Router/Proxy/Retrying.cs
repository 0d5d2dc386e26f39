using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>
/// Sends a request to another replica if one cannot be reached, breaks off before the first byte of its answer, or refuses it with 429 or 503.
/// </summary>
/// <param name="next">What sends it once.</param>
/// <param name="counters">Counts.</param>
internal sealed class Retrying(RequestDelegate next, RouterCounters counters)
{
    /// <summary>Sends the request until a replica has begun to answer, or each has been tried.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var (routed, proxy) = (RoutedRequest.Of(context), context.GetReverseProxyFeature());
        List<DestinationState> left = [.. proxy.AvailableDestinations];
        if (left.Count == 0)
        {
            await RequestBuffering.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "There is no replica.", "unavailable_error");
            return;
        }

        while (true)
        {
            proxy.AvailableDestinations = left;
            routed.HasOthers = routed.IsRepeatable && left.Count > 1;
            routed.IsRefused = false;
            routed.CachedHeader = null;
            context.Features.Set<IForwarderErrorFeature>(null);
            if (context.Request.Body.CanSeek) context.Request.Body.Position = 0;
            await next(context);
            var failed = context.GetForwarderErrorFeature() is not null;
            if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested || !(failed || routed.IsRefused)) return;
            if (!routed.HasOthers)
            {
                if (failed) await FailAsync(context);
                return;
            }

            left.RemoveAll(destination => destination == proxy.ProxiedDestination);
            context.Response.Clear();
            counters.Retried();
        }
    }

    private static Task FailAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        context.Response.Clear();
        return RequestBuffering.WriteErrorAsync(context, status, "No replica answers. Try again later.", "unavailable_error");
    }
}
