using System.Numerics;
using System.Runtime.InteropServices;

namespace ArchGen.Tokenizers;

/// <summary>
/// A cache of repeated words in a text: it keeps the positions of a word and of its tokens, and copies the tokens the next time.
/// </summary>
internal sealed class RepeatedWords
{
    private const int LongestWord = 64;
    private const int MaxEntries = 1 << 13;

    private readonly byte[] _text;
    private readonly List<int> _tokens;
    private readonly Entry[] _entries;
    private Entry _current;
    private int _slot;

    /// <param name="tokens">The list to which the tokens of the words are appended, in the order of the text.</param>
    public RepeatedWords(byte[] text, List<int> tokens)
    {
        _text = text;
        _tokens = tokens;
        _entries = new Entry[Math.Min(BitOperations.RoundUpToPowerOf2((uint)text.Length / 4 + 1), MaxEntries)];
    }

    private record struct Entry(int Start, int Length, int FirstToken, int TokenCount);

    /// <summary>Appends the tokens of a word, if it is known. If not, they are to be appended now, and <see cref="Keep"/> called.</summary>
    public bool TryTake(int start, int length)
    {
        _current = new(start, length, _tokens.Count, 0);
        if (length > LongestWord) return false;

        var word = _text.AsSpan(start, length);
        _slot = ByteStringTable.Hash(word) & (_entries.Length - 1);
        var known = _entries[_slot];
        if (known.Length != length || !word.SequenceEqual(_text.AsSpan(known.Start, known.Length))) return false;

        CollectionsMarshal.SetCount(_tokens, _current.FirstToken + known.TokenCount);
        var tokens = CollectionsMarshal.AsSpan(_tokens);
        tokens.Slice(known.FirstToken, known.TokenCount).CopyTo(tokens[_current.FirstToken..]);
        return true;
    }

    /// <summary>Stores the tokens that were appended since <see cref="TryTake"/>.</summary>
    public void Keep()
    {
        if (_current.Length <= LongestWord) _entries[_slot] = _current with { TokenCount = _tokens.Count - _current.FirstToken };
    }
}
