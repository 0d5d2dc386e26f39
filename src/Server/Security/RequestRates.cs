using System.Threading.RateLimiting;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Security;

/// <summary>The limits of requests of one key or address: at the same time, and in a minute.</summary>
internal sealed class RequestRates : IDisposable
{
    private const int Segments = 6;

    private readonly List<PartitionedRateLimiter<string>> _limiters = [];

    /// <summary>Takes the limits of the options.</summary>
    public RequestRates(ServerOptions options)
    {
        if (options.MaxRequestsPerKey > 0)
        {
            _limiters.Add(PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetConcurrencyLimiter(
                caller, _ => new ConcurrencyLimiterOptions { PermitLimit = options.MaxRequestsPerKey })));
        }

        if (options.MaxRequestsPerMinute > 0)
        {
            _limiters.Add(PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetSlidingWindowLimiter(
                caller,
                _ => new SlidingWindowRateLimiterOptions
                {
                    PermitLimit = options.MaxRequestsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = Segments,
                })));
        }
    }

    /// <summary>Counts a request until the result is disposed of.</summary>
    /// <exception cref="ApiException">There are too many.</exception>
    public IDisposable? Enter(HttpContext context)
    {
        if (_limiters.Count == 0) return null;
        var caller = RequestKey.Of(context);
        var first = Take(_limiters[0], caller);
        if (_limiters.Count == 1) return first;
        try
        {
            Take(_limiters[1], caller).Dispose();
            return first;
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var limiter in _limiters) limiter.Dispose();
    }

    private static RateLimitLease Take(PartitionedRateLimiter<string> limiter, string caller)
    {
        var lease = limiter.AttemptAcquire(caller);
        if (lease.IsAcquired) return lease;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.FromSeconds(1);
        lease.Dispose();
        throw new ApiException(new ApiError(
            StatusCodes.Status429TooManyRequests, ErrorKind.TooManyRequests, "There are too many requests of this key or address. Send fewer, or later.")
        {
            RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
        });
    }
}
