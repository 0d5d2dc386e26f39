using ArchGen.Server.Security;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Http.Streams;

/// <summary>
/// The answers that go on without their connections, as in llama.cpp: those to streamed requests with the header <c>X-Conversation-Id</c>. A conversation has
/// one at a time; it can be read for five minutes after its end. Safe for concurrent use.
/// </summary>
/// <param name="options">The options.</param>
internal sealed class StreamSessions(ServerOptions options) : IDisposable
{
    private const string Header = "X-Conversation-Id";
    private const int MaxIdLength = 256;
    private const int MaxSessions = 1024;
    private const int MaxBytes = 4 << 20;
    private const int MaxBytesOfAll = 64 << 20;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Owner, string Id), StreamSession> _sessions = [];

    /// <summary>Lets a request go on without its connection, if it asks for that and for a stream.</summary>
    /// <exception cref="RequestException">The id is too long.</exception>
    public void Begin(HttpContext context, in JsonFields fields)
    {
        if (context.Request.Headers[Header] is not [{ Length: > 0 } id] || fields.Flag("stream") != true) return;
        if (id.Length > MaxIdLength) throw new RequestException($"The header {Header} has {id.Length} characters; expected at most {MaxIdLength}.");
        var session = new StreamSession(RequestKey.OwnerOf(context), id, context.RequestAborted, MaxBytes, options.Clock);
        StreamSession? before;
        lock (_gate)
        {
            _sessions.Remove((session.Owner, id), out before);
            DropOld();
            _sessions[(session.Owner, id)] = session;
        }

        before?.Cancel();
        context.Features.Set(session);
        context.RequestAborted = session.Cancellation;
    }

    /// <summary>Ends what <see cref="Begin"/> began. A request that failed before its first event leaves nothing.</summary>
    public void End(HttpContext context)
    {
        if (context.Features.Get<StreamSession>() is not { } session) return;
        session.Complete();
        if (session.Length > 0) return;
        lock (_gate)
        {
            if (_sessions.TryGetValue((session.Owner, session.Id), out var current) && current == session) _sessions.Remove((session.Owner, session.Id));
        }
    }

    /// <summary>The answer of a conversation; null if there is none.</summary>
    public StreamSession? Find(string owner, string id)
    {
        lock (_gate)
        {
            DropOld();
            return _sessions.GetValueOrDefault((owner, id));
        }
    }

    /// <summary>The answers of a conversation, and of those whose ids are this one with <c>::</c> and more, as llama.cpp's page makes them.</summary>
    public IReadOnlyList<StreamSession> FindAll(string owner, string id)
    {
        lock (_gate)
        {
            DropOld();
            return [.. _sessions.Values.Where(session => session.Owner == owner
                && (session.Id == id || session.Id.StartsWith(id + "::", StringComparison.Ordinal)))];
        }
    }

    /// <summary>Ends an answer and forgets it.</summary>
    public void Remove(string owner, string id)
    {
        StreamSession? session;
        lock (_gate) _sessions.Remove((owner, id), out session);
        session?.Cancel();
    }

    /// <summary>Ends all answers.</summary>
    public void CancelAll()
    {
        StreamSession[] all;
        lock (_gate) all = [.. _sessions.Values];
        foreach (var session in all) session.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => CancelAll();

    // Those that have ended, the oldest first: when their time is over, or there are too many.
    private void DropOld()
    {
        var now = options.Clock.GetUtcNow();
        var (count, bytes) = (_sessions.Count, _sessions.Values.Sum(session => (long)session.Kept));
        foreach (var session in _sessions.Values.Where(session => session.Ended is not null).OrderBy(session => session.Ended).ToList())
        {
            if (now - session.Ended < Kept && count < MaxSessions && bytes <= MaxBytesOfAll) break;
            _sessions.Remove((session.Owner, session.Id));
            count--;
            bytes -= session.Kept;
        }
    }
}
