using System.Numerics;

namespace ArchGen.Grammars.Parsing;

internal sealed partial class GrammarEngine
{
    /// <summary>A mask of at most this many tokens is kept as a list of them.</summary>
    private const int FewTokens = 128;

    /// <summary>A mask of more tokens inside a lexeme is worth dividing into what depends on the row and what does not.</summary>
    private const int LargeMask = 1000;

    /// <summary>The number of masks that are kept in full.</summary>
    private const int KeptMasks = 512;

    private readonly Dictionary<(object Place, int Lexer), KeptMask> _masks = [];
    private readonly Queue<(object Place, int Lexer)> _keptMasks = [];

    private void Keep((object Place, int Lexer) key, ReadOnlySpan<uint> mask)
    {
        var count = 0;
        foreach (var word in mask) count += BitOperations.PopCount(word);
        if (count == 0) throw new RequestException("No token of the vocabulary can continue the text as the grammar wants it, and it may not end here.");
        if (count > LargeMask && key.Lexer >= 0) Lexer.State(key.Lexer).IsLarge = true;
        if (count <= FewTokens)
        {
            var few = new uint[count];
            var at = 0;
            for (var word = 0; word < mask.Length; word++)
            {
                for (var bits = mask[word]; bits != 0; bits &= bits - 1) few[at++] = (uint)((word << 5) | BitOperations.TrailingZeroCount(bits));
            }

            _masks[key] = new(few, IsList: true);
            return;
        }

        KeptMask oldest = default;
        if (_keptMasks.Count >= KeptMasks) _masks.Remove(_keptMasks.Dequeue(), out oldest);
        var words = oldest.Words is { } reused && !oldest.IsList ? reused : new uint[mask.Length];
        mask.CopyTo(words);
        _masks[key] = new(words, IsList: false);
        _keptMasks.Enqueue(key);
    }

    private static void Read(KeptMask kept, Span<uint> mask)
    {
        if (!kept.IsList)
        {
            kept.Words.CopyTo(mask);
            return;
        }

        mask.Clear();
        foreach (var token in kept.Words) Set(mask, (int)token);
    }

    private static void Or(ReadOnlySpan<uint> slice, Span<uint> mask)
    {
        var i = 0;
        for (; i <= mask.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            (new Vector<uint>(slice[i..]) | new Vector<uint>(mask[i..])).CopyTo(mask[i..]);
        }

        for (; i < mask.Length; i++) mask[i] |= slice[i];
    }

    private static void Set(Span<uint> mask, int token) => mask[token >> 5] |= 1u << (token & 31);

    private static bool IsSet(ReadOnlySpan<uint> mask, int token) => (mask[token >> 5] >> (token & 31) & 1) != 0;

    /// <summary>A mask: its words, or the tokens of one that allows few.</summary>
    private readonly record struct KeptMask(uint[] Words, bool IsList);
}
