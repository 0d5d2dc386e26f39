namespace ArchGen.Runtime.Execution;

/// <summary>Tokens to evaluate, of one sequence or several. Reusable: once it has grown, filling it allocates nothing. For one caller at a time.</summary>
public sealed class Batch
{
    private BatchToken[] _tokens = new BatchToken[64];

    /// <summary>The number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>Appends a token.</summary>
    /// <param name="token">Its id.</param>
    /// <param name="position">Its position in its sequence, after those the sequence has.</param>
    /// <param name="sequence">The number of its sequence.</param>
    /// <param name="wantOutput">Whether its row of the result is requested.</param>
    public void Add(int token, int position, int sequence, bool wantOutput)
    {
        if (Count == _tokens.Length) Array.Resize(ref _tokens, 2 * Count);
        _tokens[Count++] = new BatchToken(token, position, sequence, wantOutput, Phase);
    }

    /// <summary>
    /// The phase of the tokens that are appended from now on. Defaults to <see cref="TokenPhase.Unspecified"/>. A micro-batch has tokens of one phase: each
    /// change begins a new one, so that tokens of a phase should be adjacent.
    /// </summary>
    public TokenPhase Phase { get; set; }

    /// <summary>Removes all tokens.</summary>
    public void Clear() => Count = 0;

    internal ReadOnlySpan<BatchToken> Tokens => _tokens.AsSpan(0, Count);
}

/// <summary>One token of a batch.</summary>
internal readonly record struct BatchToken(int Token, int Position, int Sequence, bool WantOutput, TokenPhase Phase);
