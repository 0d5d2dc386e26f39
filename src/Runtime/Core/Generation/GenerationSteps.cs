using System.Diagnostics;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Speculation;

namespace ArchGen.Runtime.Generation;

/// <summary>
/// Computes the tokens of one sequence as they are chosen. A token that was drafted and is then chosen needs no computation: its output is there.
/// </summary>
/// <param name="context">The context, whose sequence 0 it is.</param>
/// <param name="speculator">The drafts; null for none.</param>
/// <param name="contextLength">Tokens that the sequence may have.</param>
/// <param name="maxBatch">Tokens that are computed together at most.</param>
internal sealed class GenerationSteps(InferenceContext context, Speculator? speculator, int contextLength, int maxBatch) : IDisposable
{
    private readonly Batch _batch = new();

    // With drafts a token must have the result that it has alone.
    private readonly TokenPhase _phase = context.IsBatchInvariant || !context.IsBatchInvariantByPhase ? TokenPhase.Unspecified : TokenPhase.Decode;

    private int[] _computed = new int[64]; // the tokens of the last batch
    private int _count;
    private int _first; // the place of the first of them in the sequence
    private int _draftStart; // the place of the first that was drafted
    private double _seconds; // of the last batch; 0 if it cannot be compared

    /// <summary>Tokens that were drafted.</summary>
    public int Drafted { get; private set; }

    /// <summary>Drafted tokens that were accepted.</summary>
    public int Accepted { get; private set; }

    /// <summary>Computes a prompt.</summary>
    /// <returns>The place of the last token in the last batch.</returns>
    public int EvaluatePrompt(ReadOnlySpan<int> prompt, CancellationToken cancellation)
    {
        _batch.Clear();
        _batch.Phase = TokenPhase.Unspecified;
        for (var i = 0; i < prompt.Length; i++) _batch.Add(prompt[i], i, sequence: 0, wantOutput: i == prompt.Length - 1);
        context.Evaluate(_batch, cancellation);
        (Drafted, Accepted, _count) = (0, 0, 0);
        _first = _draftStart = prompt.Length;
        return prompt.Length - 1;
    }

    /// <summary>Computes those of the tokens that are not computed yet.</summary>
    /// <param name="tokens">All tokens of the sequence.</param>
    /// <param name="limit">Tokens that may still be chosen.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The place of the last token in the last batch.</returns>
    public int Evaluate(ReadOnlySpan<int> tokens, int limit, CancellationToken cancellation)
    {
        var computed = CountComputed(tokens);
        if (computed == tokens.Length) return computed - 1 - _first;
        End(tokens);

        var start = Stopwatch.GetTimestamp();
        var pending = tokens.Length - computed;
        var room = Math.Min(contextLength - tokens.Length, maxBatch - pending);
        var draft = speculator is null ? [] : speculator.Propose(tokens, Math.Min(limit - 1, room));
        Drafted += draft.Length;
        (_first, _count, _draftStart) = (computed, 0, tokens.Length);
        _batch.Clear();
        _batch.Phase = _phase;
        foreach (var token in tokens[computed..]) Add(token, wantOutput: _count == pending - 1);
        foreach (var token in draft) Add(token, wantOutput: true);
        context.Evaluate(_batch, cancellation);
        _seconds = pending == 1 ? Stopwatch.GetElapsedTime(start).TotalSeconds : 0;
        return pending - 1;
    }

    /// <summary>Takes back what was drafted and not chosen.</summary>
    /// <param name="tokens">All tokens of the sequence.</param>
    public void End(ReadOnlySpan<int> tokens)
    {
        var computed = CountComputed(tokens);
        if (speculator is null || _count == 0) return;
        var accepted = Math.Max(0, computed - _draftStart);
        Accepted += accepted;
        speculator.Report(accepted, _seconds);
        if (computed < _first + _count) context.TruncateSequence(0, computed);
        _count = 0;
        _first = computed;
    }

    /// <inheritdoc/>
    public void Dispose() => speculator?.Dispose();

    private int CountComputed(ReadOnlySpan<int> tokens) => _first + tokens[_first..].CommonPrefixLength(_computed.AsSpan(0, _count));

    private void Add(int token, bool wantOutput)
    {
        if (_count == _computed.Length) Array.Resize(ref _computed, 2 * _count);
        _batch.Add(token, _first + _count, sequence: 0, wantOutput);
        _computed[_count++] = token;
    }
}
