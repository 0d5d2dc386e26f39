using ArchGen.Server.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server.Operations;

/// <summary>The id, the log line and the measurement of a request.</summary>
internal sealed partial class RequestRecord : IDisposable
{
    /// <summary>The header of the id, in requests and answers.</summary>
    public const string IdHeader = "x-request-id";

    private const int MaxIdLength = 128;
    private const int ClientGone = 499; // as nginx has it

    private readonly HttpContext _context;
    private readonly TimeProvider _clock;
    private readonly long _start;

    private RequestRecord(HttpContext context)
    {
        _context = context;
        _clock = context.RequestServices.GetRequiredService<ServerOptions>().Clock;
        _start = _clock.GetTimestamp();
        if (context.Request.Headers.TryGetValue(IdHeader, out var given) && given is [{ } id] && IsSane(id)) context.TraceIdentifier = id;
        else context.TraceIdentifier = Guid.NewGuid().ToString("N");
        context.Response.Headers[IdHeader] = context.TraceIdentifier;
    }

    /// <summary>Begins: takes the id of the request over if it is a plain one, or makes one.</summary>
    public static RequestRecord Begin(HttpContext context) => new(context);

    /// <summary>The pattern of a request's route. Not its path: that is the client's, and may have anything in it.</summary>
    public static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";

    /// <summary>Writes the log line.</summary>
    public void Dispose()
    {
        var time = _clock.GetElapsedTime(_start);
        var status = _context.RequestAborted.IsCancellationRequested ? ClientGone : _context.Response.StatusCode;
        var (method, route) = (MethodOf(_context), RouteOf(_context));
        _context.RequestServices.GetRequiredService<ServerMetrics>().RequestEnded(method, route, status, time);
        var log = _context.RequestServices.GetRequiredService<ILogger<RequestRecord>>();
        Ended(log, method, route, status, time.TotalMilliseconds, _context.TraceIdentifier, RequestKey.Of(_context));
    }

    // Others are the client's own words.
    private static string MethodOf(HttpContext context) =>
        context.Request.Method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "OPTIONS" or "PATCH" ? context.Request.Method : "OTHER";

    private static bool IsSane(string id)
    {
        if (id.Length is 0 or > MaxIdLength) return false;
        foreach (var character in id)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')) return false;
        }

        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status} {Milliseconds:0.0} ms, request {RequestId}, {Caller}")]
    private static partial void Ended(ILogger log, string method, string route, int status, double milliseconds, string requestId, string caller);
}
