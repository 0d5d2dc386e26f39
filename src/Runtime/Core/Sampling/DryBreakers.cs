using System.Runtime.CompilerServices;
using System.Text;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Sampling;

/// <summary>
/// The token sequences that write a sequence breaker of DRY: a token that has it inside, or one that ends with its beginning together with the tokens of the
/// rest.
/// </summary>
internal sealed class DryBreakers
{
    private const int MaxBytes = 40;
    private const int MaxRest = 20;

    // The breakers of a tokenizer are nearly always the same, and finding them reads the whole vocabulary.
    private static readonly ConditionalWeakTable<Tokenizer, DryBreakers> Last = [];

    private readonly string[] _texts;
    private readonly Dictionary<int, List<int[]>> _rests = []; // by first token

    private DryBreakers(string[] texts) => _texts = texts;

    /// <summary>No breakers.</summary>
    public static DryBreakers None { get; } = new([]);

    /// <summary>Finds the sequences.</summary>
    /// <param name="texts">Texts that are not empty; of longer ones only the first 40 bytes count.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="vocabularySize">The number of tokens that occur.</param>
    public static DryBreakers Of(IReadOnlyList<string> texts, Tokenizer tokenizer, int vocabularySize)
    {
        if (texts.Count == 0) return None;
        if (Last.TryGetValue(tokenizer, out var known) && known._texts.SequenceEqual(texts, StringComparer.Ordinal)) return known;
        var breakers = new DryBreakers([.. texts]);
        var bytes = breakers._texts.Select(text => Encoding.UTF8.GetBytes(text)).Select(b => b[..Math.Min(b.Length, MaxBytes)]).ToArray();
        for (var token = 0; token < Math.Min(vocabularySize, tokenizer.Vocabulary.Count); token++)
        {
            var piece = tokenizer.Piece(token, special: true);
            foreach (var text in bytes) breakers.Find(token, piece, text, tokenizer);
        }

        Last.AddOrUpdate(tokenizer, breakers);
        return breakers;
    }

    /// <summary>Whether a token has a whole breaker inside.</summary>
    public bool IsBreaker(int token)
    {
        if (!_rests.TryGetValue(token, out var rests)) return false;
        foreach (var rest in rests)
        {
            if (rest.Length == 0) return true;
        }

        return false;
    }

    /// <summary>The number of tokens after the last breaker; of the window if there is none.</summary>
    public int LengthSince(TokenHistory history, int window)
    {
        for (var i = 0; i < window; i++)
        {
            if (!_rests.TryGetValue(history.FromEnd(i), out var rests)) continue;
            var longest = -1;
            foreach (var rest in rests)
            {
                if (rest.Length > longest && rest.Length <= i && Follows(history, i, rest)) longest = rest.Length;
            }

            if (longest >= 0) return i - longest;
        }

        return window;
    }

    private static bool Follows(TokenHistory history, int first, int[] rest)
    {
        for (var i = 0; i < rest.Length; i++)
        {
            if (history.FromEnd(first - 1 - i) != rest[i]) return false;
        }

        return true;
    }

    private void Find(int token, ReadOnlySpan<byte> piece, byte[] text, Tokenizer tokenizer)
    {
        if (piece.IndexOf(text) >= 0)
        {
            Add(token, []);
            return;
        }

        for (var length = Math.Min(piece.Length, text.Length - 1); length > 0; length--)
        {
            if (!piece.EndsWith(text.AsSpan(0, length)) || (text[length] & 0xC0) == 0x80) continue;
            var rest = tokenizer.Encode(Encoding.UTF8.GetString(text.AsSpan(length)), addSpecial: false, parseSpecial: false);
            Add(token, rest[..Math.Min(rest.Length, MaxRest)]);
        }
    }

    private void Add(int token, int[] rest)
    {
        if (!_rests.TryGetValue(token, out var rests)) _rests.Add(token, rests = []);
        if (!rests.Any(known => known.AsSpan().SequenceEqual(rest))) rests.Add(rest);
    }
}
