using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Server.Generation;

/// <summary>The events of several prompts in the order in which they come.</summary>
internal sealed class MergedStreams : IDisposable
{
    private readonly List<GenerationStream> _streams = [];

    /// <summary>Submits prompts. If one is refused, none is answered.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="requests">The prompts.</param>
    /// <param name="cancellation">Cancels them.</param>
    /// <exception cref="ArchGenException">One is refused.</exception>
    public MergedStreams(InferenceEngine engine, IEnumerable<GenerationRequest> requests, CancellationToken cancellation)
    {
        try
        {
            foreach (var request in requests) _streams.Add(engine.Submit(request, cancellation));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The events, each with the number of its prompt. A client that does not read makes its answers pause.</summary>
    public async IAsyncEnumerable<(int Prompt, GenerationEvent Event)> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_streams.Count == 1)
        {
            await foreach (var next in _streams[0].WithCancellation(cancellation).ConfigureAwait(false)) yield return (0, next);
            yield break;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var merged = Channel.CreateBounded<(int, GenerationEvent)>(1);
        var pumps = _streams.Select((stream, i) => PumpAsync(i, stream, merged.Writer, end.Token)).ToArray();
        var all = CompleteAsync(pumps, merged.Writer);
        try
        {
            await foreach (var next in merged.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return next;
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await all.ConfigureAwait(false);
        }
    }

    /// <summary>Cancels what has not ended.</summary>
    public void Dispose()
    {
        foreach (var stream in _streams) stream.Dispose();
    }

    private static async Task PumpAsync(
        int prompt, GenerationStream stream, ChannelWriter<(int, GenerationEvent)> writer, CancellationToken cancellation)
    {
        try
        {
            await foreach (var next in stream.WithCancellation(cancellation).ConfigureAwait(false))
                await writer.WriteAsync((prompt, next), cancellation).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The first error ends all.
            writer.TryComplete(error);
        }
    }

    private static async Task CompleteAsync(Task[] pumps, ChannelWriter<(int, GenerationEvent)> writer)
    {
        await Task.WhenAll(pumps).ConfigureAwait(false);
        writer.TryComplete();
    }
}
