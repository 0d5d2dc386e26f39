using ArchGen.Chat.Prompts;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Chat.Conversations;

/// <summary>The answers of a conversation that has been submitted, for one reader. Leaving <c>await foreach</c> early cancels them.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class ChatStream : IAsyncEnumerable<ChatUpdate>, IDisposable
{
    private readonly GenerationStream _tokens;
    private readonly AnswerReader[] _readers;
    private readonly bool _reportsTokens;
    private readonly Action<GenerationEvent> _stopped;

    /// <summary>Reads the tokens of answers.</summary>
    internal ChatStream(ChatPrompt prompt, GenerationStream tokens, AnswerReader[] readers, bool reportsTokens, Action<GenerationEvent> stopped) =>
        (Prompt, _tokens, _readers, _reportsTokens, _stopped) = (prompt, tokens, readers, reportsTokens, stopped);

    /// <summary>The conversation as the model reads it.</summary>
    public ChatPrompt Prompt { get; }

    /// <summary>The parts of the answers.</summary>
    /// <param name="cancellationToken">Cancels them.</param>
    /// <exception cref="ArchGenException">The request failed: see the message.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or the engine was disposed.</exception>
    public async IAsyncEnumerator<ChatUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatUpdate>();
        await using var tokens = _tokens.GetAsyncEnumerator(cancellationToken);
        while (!_readers.All(reader => reader.IsEnded) && await tokens.MoveNextAsync().ConfigureAwait(false))
        {
            var reader = _readers[tokens.Current.Answer];
            var hadEnded = reader.IsEnded;
            reader.Add(tokens.Current, updates);
            // The engine does not know of the stop text, and takes the end for a cancellation.
            if (reader.IsEnded && !hadEnded && tokens.Current.Reason == StopReason.None && _tokens.TryEnd(tokens.Current.Answer))
                _stopped(tokens.Current with { Reason = StopReason.StopText });
            if (_reportsTokens || tokens.Current.ComputedPromptTokens is not null)
                yield return new ChatUpdate(tokens.Current.Answer, null, null) { Token = tokens.Current };
            foreach (var update in updates) yield return update;
            updates.Clear();
        }
    }

    /// <summary>Cancels the answers that have not ended.</summary>
    public void Dispose() => _tokens.Dispose();
}
