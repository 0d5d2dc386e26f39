namespace ArchGen.Runtime.Execution;

/// <summary>Tokens to evaluate, of one sequence or several. Reusable: once it has grown, filling it allocates nothing. For one caller at a time.</summary>
public sealed class Batch
{
    private BatchToken[] _tokens = new BatchToken[64];
    private float[] _rows = [];

    /// <summary>The number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>Appends a token.</summary>
    /// <param name="token">Its id.</param>
    /// <param name="position">Its position in its sequence, after those the sequence has.</param>
    /// <param name="sequence">The number of its sequence.</param>
    /// <param name="wantOutput">Whether its row of the result is requested.</param>
    public void Add(int token, int position, int sequence, bool wantOutput) => Add(token, position, sequence, wantOutput, []);

    /// <summary>Appends a token with its row of another graph, for a graph that reads such rows.</summary>
    /// <param name="token">Its id.</param>
    /// <param name="position">Its position in its sequence, after those the sequence has.</param>
    /// <param name="sequence">The number of its sequence.</param>
    /// <param name="wantOutput">Whether its row of the result is requested.</param>
    /// <param name="row">Its row, which is copied; empty for a graph that reads tokens alone.</param>
    /// <exception cref="RequestException">The tokens before it have rows of another size.</exception>
    public void Add(int token, int position, int sequence, bool wantOutput, ReadOnlySpan<float> row)
    {
        if (Count > 0 && row.Length != RowWidth)
        {
            throw new RequestException($"A token is added with a row of {row.Length} elements to a batch whose tokens have rows of {RowWidth}. "
                + "Add each token with its row of the other graph.");
        }

        if (Count == _tokens.Length) Array.Resize(ref _tokens, 2 * Count);
        RowWidth = row.Length;
        var rows = checked((Count + 1) * RowWidth);
        if (_rows.Length < rows) Array.Resize(ref _rows, Math.Max(rows, 2 * _rows.Length));
        row.CopyTo(_rows.AsSpan(Count * RowWidth));
        _tokens[Count++] = new BatchToken(token, position, sequence, wantOutput, Phase);
    }

    /// <summary>
    /// The phase of the tokens that are appended from now on. Defaults to <see cref="TokenPhase.Unspecified"/>. A micro-batch has tokens of one phase: each
    /// change begins a new one, so that tokens of a phase should be adjacent.
    /// </summary>
    public TokenPhase Phase { get; set; }

    /// <summary>Removes all tokens.</summary>
    public void Clear() => Count = 0;

    /// <summary>Elements of each token's row of another graph; 0 if they have none.</summary>
    internal int RowWidth { get; private set; }

    /// <summary>The rows of the tokens [begin, end).</summary>
    internal ReadOnlySpan<float> Rows(int begin, int end) => _rows.AsSpan(begin * RowWidth, (end - begin) * RowWidth);

    internal ReadOnlySpan<BatchToken> Tokens => _tokens.AsSpan(0, Count);
}

/// <summary>One token of a batch.</summary>
internal readonly record struct BatchToken(int Token, int Position, int Sequence, bool WantOutput, TokenPhase Phase);
