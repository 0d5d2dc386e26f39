using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Server.Generation;

/// <summary>Reads several streams as one.</summary>
internal static class MergedStreams
{
    private const int Capacity = 64;

    /// <summary>The events of all streams as they come, each with the number of its stream.</summary>
    /// <param name="streams">The streams. They are cancelled when one fails, or nobody reads any more.</param>
    /// <param name="cancellation">Cancels them.</param>
    public static async IAsyncEnumerable<(int Stream, GenerationEvent Event)> ReadAsync(
        IReadOnlyList<GenerationStream> streams, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (streams.Count == 1)
        {
            await foreach (var next in streams[0].WithCancellation(cancellation).ConfigureAwait(false)) yield return (0, next);
            yield break;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var events = Channel.CreateBounded<(int, GenerationEvent)>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        var reading = CompleteAsync(Task.WhenAll(streams.Select((stream, number) => CopyAsync(stream, number, events.Writer, end.Token))), events.Writer);
        try
        {
            await foreach (var next in events.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return next;
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private static async Task CopyAsync(
        GenerationStream stream, int number, ChannelWriter<(int, GenerationEvent)> events, CancellationToken cancellation)
    {
        try
        {
            await foreach (var next in stream.WithCancellation(cancellation).ConfigureAwait(false))
                await events.WriteAsync((number, next), cancellation).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The others are of no use without it.
            events.TryComplete(error);
            throw;
        }
    }

    // The reader of the channel gets the exception.
    private static async Task CompleteAsync(Task reading, ChannelWriter<(int, GenerationEvent)> events)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.TryComplete();
    }
}
