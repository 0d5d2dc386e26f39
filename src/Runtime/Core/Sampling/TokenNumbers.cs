namespace ArchGen.Runtime.Sampling;

/// <summary>A number for each of some tokens: 0 for all others.</summary>
internal sealed class TokenNumbers(int vocabularySize)
{
    private readonly int[] _numbers = new int[vocabularySize];
    private int[] _tokens = new int[1024];
    private int _count;

    /// <summary>The tokens with a number, in no order.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    public int this[int token] => _numbers[token];

    /// <summary>Sets the number of a token, which is above 0.</summary>
    public void Set(int token, int number)
    {
        if (_numbers[token] == 0)
        {
            if (_count == _tokens.Length) Array.Resize(ref _tokens, 2 * _count);
            _tokens[_count++] = token;
        }

        _numbers[token] = number;
    }

    /// <summary>Makes all numbers 0.</summary>
    public void Clear()
    {
        foreach (var token in Tokens) _numbers[token] = 0;
        _count = 0;
    }
}
