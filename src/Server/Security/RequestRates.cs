using System.Threading.RateLimiting;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Security;

/// <summary>The limits of requests of one key or address: at the same time, and in a minute.</summary>
internal sealed class RequestRates : IDisposable
{
    private readonly PartitionedRateLimiter<string>? _concurrent;
    private readonly MinuteLimit? _perMinute;

    /// <summary>Takes the limits of the options.</summary>
    public RequestRates(ServerOptions options)
    {
        if (options.MaxRequestsPerKey > 0)
        {
            _concurrent = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetConcurrencyLimiter(
                caller, _ => new ConcurrencyLimiterOptions { PermitLimit = options.MaxRequestsPerKey }));
        }

        if (options.MaxRequestsPerMinute > 0) _perMinute = new MinuteLimit(options.MaxRequestsPerMinute, options.Clock);
    }

    /// <summary>Counts a request until the result is disposed of.</summary>
    /// <exception cref="ApiException">There are too many.</exception>
    public IDisposable? Enter(HttpContext context)
    {
        if (_concurrent is null && _perMinute is null) return null;
        var caller = RequestKey.Of(context);
        var lease = _concurrent?.AttemptAcquire(caller);
        if (lease is { IsAcquired: false })
        {
            lease.Dispose();
            // When a request of the caller ends is not known.
            throw TooMany(TimeSpan.FromSeconds(1));
        }

        if (_perMinute?.Take(caller) is not { } wait) return lease;
        lease?.Dispose();
        throw TooMany(wait);
    }

    /// <inheritdoc/>
    public void Dispose() => _concurrent?.Dispose();

    private static ApiException TooMany(TimeSpan wait) => new(new ApiError(
        StatusCodes.Status429TooManyRequests, ErrorKind.TooManyRequests, "There are too many requests of this key or address. Send fewer, or later.")
    {
        RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
    });
}
