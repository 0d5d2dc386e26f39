namespace ArchGen.Runtime.Sampling;

/// <summary>The last tokens of a sequence.</summary>
/// <param name="window">The number of tokens to remember; -1 for all.</param>
internal sealed class TokenHistory(int window)
{
    private const int FirstCapacity = 1024;

    private int[] _tokens = new int[window < 0 ? FirstCapacity : window];
    private long _total;

    /// <summary>The number of tokens that are remembered.</summary>
    public int Count => (int)Math.Min(_total, _tokens.Length);

    /// <summary>A token, counted back from the last, which is 0.</summary>
    public int FromEnd(int index) => _tokens[(_total - 1 - index) % _tokens.Length];

    public void Add(int token)
    {
        if (window == 0) return;
        if (window < 0 && _total == _tokens.Length) Array.Resize(ref _tokens, checked(2 * _tokens.Length));
        _tokens[_total++ % _tokens.Length] = token;
    }
}
