using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Operations;

/// <summary>The requests that are being answered. When the server stops, it lets no more in, and tells when the last one has ended.</summary>
/// <param name="options">The options.</param>
internal sealed class RequestGate(ServerOptions options)
{
    private readonly Lock _gate = new();
    private readonly HashSet<HttpContext> _running = [];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDraining;

    /// <summary>Whether the server stops.</summary>
    public bool IsDraining => Volatile.Read(ref _isDraining);

    /// <summary>The number of requests.</summary>
    public int Running
    {
        get
        {
            lock (_gate) return _running.Count;
        }
    }

    /// <summary>Counts a request until the result is disposed of.</summary>
    /// <exception cref="ApiException">The server stops.</exception>
    public IDisposable Enter(HttpContext context)
    {
        // So that clients that keep connections look for another server.
        if (HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.OnStarting(CloseAsync, context);
        lock (_gate)
        {
            if (_isDraining) throw Stopping();
            _running.Add(context);
        }

        return new Exit(this, context);
    }

    /// <summary>Lets no more requests in.</summary>
    /// <returns>Ends when the last one has ended.</returns>
    public Task Drain()
    {
        lock (_gate)
        {
            _isDraining = true;
            if (_running.Count == 0) _empty.TrySetResult();
        }

        return _empty.Task;
    }

    /// <summary>Cuts the requests off that are left; returns their number.</summary>
    public int Abort()
    {
        HttpContext[] left;
        lock (_gate) left = [.. _running];
        foreach (var context in left) context.Abort();
        return left.Length;
    }

    private Task CloseAsync(object context)
    {
        if (IsDraining) ((HttpContext)context).Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }

    private ApiException Stopping() => new(new ApiError(
        StatusCodes.Status503ServiceUnavailable, ErrorKind.Unavailable, "The server is being shut down. Try again at another one, or later.")
    {
        RetryAfterSeconds = (int)Math.Clamp(Math.Ceiling(options.DrainTimeout.TotalSeconds), 1, 60),
    });

    private void Leave(HttpContext context)
    {
        lock (_gate)
        {
            _running.Remove(context);
            if (_isDraining && _running.Count == 0) _empty.TrySetResult();
        }
    }

    private sealed class Exit(RequestGate gate, HttpContext context) : IDisposable
    {
        public void Dispose() => gate.Leave(context);
    }
}
