using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Server.Http.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Http;

/// <summary>
/// An answer as server-sent events (WHATWG HTML, section 9.2). A comment or an event without meaning is sent while nothing else is, so that proxies keep the
/// connection. Safe for one writer.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly byte[] Comment = ": ping\n\n"u8.ToArray();

    private readonly HttpContext _context;
    private readonly byte[] _ping;
    private readonly StreamSession? _session;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _end;
    private readonly Task _pings;
    private bool _isQuiet = true;
    private bool _hasNoClient;

    private EventStream(HttpContext context, byte[] ping, TimeSpan interval, TimeProvider clock)
    {
        (_context, _ping, _session) = (context, ping, context.Features.Get<StreamSession>());
        _end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        _pings = PingAsync(interval, clock);
    }

    /// <summary>Begins to answer with events.</summary>
    /// <param name="context">The request.</param>
    /// <param name="ping">The data of the event that keeps the connection; null for a comment.</param>
    /// <param name="pingName">The name of that event.</param>
    /// <param name="interval">Time between these while nothing else is sent; null for the server's.</param>
    public static async Task<EventStream> BeginAsync(HttpContext context, JsonNode? ping = null, string? pingName = null, TimeSpan? interval = null)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // nginx must not collect events.
        response.Headers["X-Accel-Buffering"] = "no";
        await response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        var options = context.RequestServices.GetRequiredService<ServerOptions>();
        var kept = ping is null ? Comment : Event(ApiEndpoint.Bytes(ping), pingName);
        var stream = new EventStream(context, kept, interval ?? options.PingInterval, options.Clock);
        context.Features.Set(stream);
        return stream;
    }

    /// <summary>Writes an event and sends it at once.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="name">Its name; null for none: strict clients of OpenAI's API refuse names.</param>
    public Task WriteAsync(JsonNode data, string? name = null) => SendAsync(ApiEndpoint.Bytes(data), name);

    /// <summary>Writes the event that ends OpenAI's streams.</summary>
    public Task WriteDoneAsync() => SendAsync("[DONE]"u8.ToArray(), name: null);

    /// <summary>Ends the comments. An event can be written afterwards, too: the error that ended the answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _pings.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task SendAsync(byte[] data, string? name)
    {
        await _turn.WaitAsync(_context.RequestAborted).ConfigureAwait(false);
        try
        {
            _isQuiet = false;
            if (_session is null) await SendAsync(_context.Response.BodyWriter, data, name, _context.RequestAborted).ConfigureAwait(false);
            else await KeepAsync(_session, data, name).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task SendAsync(PipeWriter writer, byte[] data, string? name, CancellationToken cancellation)
    {
        Write(writer, data, name);
        await writer.FlushAsync(cancellation).ConfigureAwait(false);
    }

    // For readers who come back; the answer goes on when its client goes.
    private async Task KeepAsync(StreamSession session, byte[] data, string? name)
    {
        session.Cancellation.ThrowIfCancellationRequested();
        session.Append(Event(data, name));
        if (_hasNoClient || session.Connection.IsCancellationRequested) return;
        try
        {
            await SendAsync(_context.Response.BodyWriter, data, name, session.Connection).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or InvalidOperationException)
        {
            _hasNoClient = true;
        }
    }

    private static void Write(IBufferWriter<byte> writer, byte[] data, string? name)
    {
        if (name is not null) Encoding.UTF8.GetBytes($"event: {name}\n", writer);
        writer.Write("data: "u8);
        writer.Write(data);
        writer.Write("\n\n"u8);
    }

    private static byte[] Event(byte[] data, string? name)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, data, name);
        return buffer.WrittenSpan.ToArray();
    }

    private async Task PingAsync(TimeSpan interval, TimeProvider clock)
    {
        if (interval <= TimeSpan.Zero) return;
        try
        {
            using var timer = new PeriodicTimer(interval, clock);
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                await _turn.WaitAsync(_end.Token).ConfigureAwait(false);
                try
                {
                    if (_isQuiet) await _context.Response.BodyWriter.WriteAsync(_ping, _end.Token).ConfigureAwait(false);
                    _isQuiet = true;
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (IOException)
        {
            // The client has gone: the writer of the answer finds out, too.
        }
    }
}
