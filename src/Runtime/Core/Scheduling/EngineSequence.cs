using System.Diagnostics;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Speculation;

namespace ArchGen.Runtime.Scheduling;

/// <summary>One answer: its tokens, how many of them are computed, and what its reader has not read.</summary>
/// <param name="stream">The stream of its request.</param>
/// <param name="request">The request.</param>
/// <param name="answer">The number of the answer in its request.</param>
/// <param name="order">The order in which answers came.</param>
internal sealed class EngineSequence(GenerationStream stream, GenerationRequest request, int answer, long order)
{
    private readonly Queue<GenerationEvent> _unwritten = new();
    private readonly long _submitted = Stopwatch.GetTimestamp();
    private int[] _tokens = [];
    private int[] _draft = [];
    private int _drafted;
    private int _leftOut;
    private long _begun;
    private long _first;

    public GenerationStream Stream => stream;

    public GenerationRequest Request => request;

    public int Answer => answer;

    public long Order => order;

    /// <summary>The number of its sequence in the context; -1 while it waits.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The tokens of prompt and answer.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>The number of its tokens.</summary>
    public int Count { get; private set; }

    /// <summary>The number of its tokens that are computed, or taken from the prefix cache.</summary>
    public int Computed { get; set; }

    /// <summary>The tokens that are to be computed.</summary>
    public int Remaining => Count - Computed;

    /// <summary>The number of tokens of the answer.</summary>
    public int Generated => Math.Max(0, Count + _leftOut - request.Prompt.Length);

    /// <summary>Tokens of the prompt that were first taken from the prefix cache.</summary>
    public int Cached { get; set; }

    /// <summary>Whether it was begun before, and its prompt is counted.</summary>
    public bool IsBegun => Chooser is not null;

    /// <summary>Chooses its tokens; null until it is begun.</summary>
    public TokenChooser? Chooser { get; private set; }

    /// <summary>Makes text of them; null if none is wanted.</summary>
    public AnswerText? Text { get; private set; }

    /// <summary>Drafts its next tokens; null for no drafts.</summary>
    public Speculator? Speculator { get; set; }

    /// <summary>The drafted tokens that are computed in this step, after its own.</summary>
    public ReadOnlySpan<int> Draft => _draft.AsSpan(0, _drafted);

    /// <summary>The positions at which states are saved, ascending; empty if the model has none.</summary>
    public int[] Checkpoints { get; set; } = [];

    /// <summary>An answer that computes the same beginning, and for which it waits; null if there is none.</summary>
    public EngineSequence? Leader { get; set; }

    /// <summary>Whether it waits for another answer, or waited and has not taken over what that computed.</summary>
    public bool IsFollowing { get; set; }

    /// <summary>The number of tokens that it takes over from <see cref="Leader"/>.</summary>
    public int SharedWithLeader { get; set; }

    /// <summary>Whether a batch with it failed, so that it is computed alone to find out whether it is the reason.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Whether it ended; its last events may be unwritten.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether it does not go on since its reader does not read.</summary>
    public bool IsPaused => _unwritten.Count > 0;

    /// <summary>Takes what chooses its tokens and makes text of them; its tokens are those of the prompt.</summary>
    public void Begin(TokenChooser chooser, AnswerText? text)
    {
        (Chooser, Text) = (chooser, text);
        _begun = Stopwatch.GetTimestamp();
        var prompt = request.Prompt.Span;
        Count = prompt.Length;
        _tokens = new int[Count + (int)Math.Min(request.MaxTokens, 1024L)];
        prompt.CopyTo(_tokens);
        foreach (var token in prompt) chooser.AcceptPrompt(token);
    }

    /// <summary>Appends a token of the answer.</summary>
    public void Append(int token)
    {
        if (Count == _tokens.Length) Array.Resize(ref _tokens, 2 * Count);
        _tokens[Count++] = token;
    }

    /// <summary>Leaves out half of its tokens after the first ones.</summary>
    /// <param name="kept">The number of tokens that stay at the beginning.</param>
    public void LeaveOut(int kept)
    {
        var count = (Count - kept) / 2;
        _tokens.AsSpan(kept + count, Count - kept - count).CopyTo(_tokens.AsSpan(kept));
        Count -= count;
        _leftOut += count;
    }

    /// <summary>Chooses the draft of this step; empty for none.</summary>
    public void SetDraft(ReadOnlySpan<int> draft)
    {
        if (_draft.Length < draft.Length) _draft = new int[draft.Length];
        draft.CopyTo(_draft);
        _drafted = draft.Length;
    }

    /// <summary>The last position at which states are saved, up to one; 0 if there is none.</summary>
    public int LastCheckpoint(int position)
    {
        var last = 0;
        foreach (var checkpoint in Checkpoints)
        {
            if (checkpoint <= position) last = checkpoint;
        }

        return last;
    }

    /// <summary>The first position after one at which states are saved; <see cref="int.MaxValue"/> if there is none.</summary>
    public int NextCheckpoint(int position)
    {
        foreach (var checkpoint in Checkpoints)
        {
            if (checkpoint > position) return checkpoint;
        }

        return int.MaxValue;
    }

    /// <summary>Gives an event to the reader.</summary>
    /// <param name="token">Its token.</param>
    /// <param name="text">Its text.</param>
    /// <param name="reason">Why the answer ends with it.</param>
    /// <param name="probabilities">How likely the token was; null if that is not wanted.</param>
    /// <param name="ended">Gets the event before the reader does, if the answer ends with it.</param>
    public void Emit(int token, string text, StopReason reason, TokenProbabilities? probabilities, Action<GenerationEvent>? ended = null)
    {
        IsFinished = reason != StopReason.None;
        if (_first == 0) _first = Stopwatch.GetTimestamp();
        var next = new GenerationEvent(answer, token, text, reason, Usage)
        {
            Probabilities = probabilities,
            Times = Times(_first),
            StopText = reason == StopReason.StopText ? Text?.StopText : null,
        };
        if (IsFinished && stream.TryEnd(answer)) ended?.Invoke(next);
        Write(next);
    }

    /// <summary>Tells the reader how far the prompt is computed, if that is wanted.</summary>
    public void ReportProgress()
    {
        if (!request.ReportsProgress || Generated > 0) return;
        Write(new GenerationEvent(answer, -1, "", StopReason.None, Usage) { Times = Times(_begun), ComputedPromptTokens = Computed });
    }

    /// <summary>Writes events that were not written before; false if some are left.</summary>
    public bool Flush()
    {
        while (_unwritten.TryPeek(out var next) && stream.TryWrite(next)) _unwritten.Dequeue();
        return _unwritten.Count == 0;
    }

    private GenerationUsage Usage => new(request.Prompt.Length, Cached, Generated);

    private void Write(in GenerationEvent next)
    {
        if (_unwritten.Count > 0 || !stream.TryWrite(next)) _unwritten.Enqueue(next);
    }

    private GenerationTimes Times(long first)
    {
        var now = Stopwatch.GetTimestamp();
        var prompt = first == _begun ? now : first;
        return new(Stopwatch.GetElapsedTime(_submitted, _begun), Stopwatch.GetElapsedTime(_begun, prompt), Stopwatch.GetElapsedTime(prompt, now));
    }
}
