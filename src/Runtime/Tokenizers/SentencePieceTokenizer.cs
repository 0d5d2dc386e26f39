using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>
/// SentencePiece BPE: characters are merged as long as neighbours make a token, the token with the highest score first; a character without a token
/// falls back to its bytes (Kudo and Richardson 2018, "SentencePiece").
/// </summary>
internal sealed class SentencePieceTokenizer : GgufTokenizer
{
    private const int LongWord = 256; // bytes

    private readonly int[] _byteTokens;
    private readonly int[] _ranks;
    private readonly Lazy<NeighbourSet> _neighbours;
    private readonly HashSet<int> _joinsSpace; // the characters before a space in some token

    public SentencePieceTokenizer(GgufMetadata metadata)
        : base(metadata,
            new Vocabulary(metadata, [(SpecialToken.Unknown, 0), (SpecialToken.Bos, 1), (SpecialToken.Eos, 2)]),
            new TokenizerFlags(AddBos: true, AddSpacePrefix: true).With(metadata))
    {
        _byteTokens = ByteTokens.In(Vocabulary);
        _ranks = RankByScore(Vocabulary);
        _neighbours = new(() =>
        {
            NeighbourSet neighbours = new();
            for (var id = 0; id < Vocabulary.Count; id++) neighbours.Add(Vocabulary.Text(id));
            return neighbours;
        });
        _joinsSpace = [SpaceEscape.Escaped, .. CharactersBeforeSpace(Vocabulary)];
    }

    private protected override void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens)
    {
        var bytes = SpaceEscape.Encode(text, prefixSpace: AddsSpacePrefix && afterSpecial, escape: true);
        SymbolMerger<ScoreRule> merger = new(new(Vocabulary, _ranks));
        RepeatedWords repeated = new(bytes, tokens);
        for (var start = 0; start < bytes.Length;)
        {
            var end = WordEnd(bytes, start);
            if (!repeated.TryTake(start, end - start))
            {
                EncodeWord(bytes.AsSpan(start..end), merger, tokens);
                repeated.Keep();
            }

            start = end;
        }
    }

    /// <summary>
    /// A word ends before a space that follows its character in no token, so that no merge can cross it; one that grows long, before any
    /// such character.
    /// </summary>
    private int WordEnd(ReadOnlySpan<byte> bytes, int start)
    {
        var previous = new Rune(SpaceEscape.Escaped);
        var at = start;
        while (at < bytes.Length)
        {
            Rune.DecodeFromUtf8(bytes[at..], out var rune, out var length);
            if (rune.Value == SpaceEscape.Escaped && !_joinsSpace.Contains(previous.Value)) break;
            if (at - start >= LongWord && !_neighbours.Value.MayHold(previous.Value, rune.Value)) break;
            previous = rune;
            at += length;
        }

        return at;
    }

    private void EncodeWord(ReadOnlySpan<byte> word, SymbolMerger<ScoreRule> merger, List<int> tokens)
    {
        merger.Clear();
        for (var start = 0; start < word.Length;)
        {
            Rune.DecodeFromUtf8(word[start..], out _, out var length);
            merger.Add(start, length, Vocabulary.Find(word.Slice(start, length)));
            start += length;
        }

        merger.Merge(word);
        for (var i = 0; i >= 0; i = merger.Symbols[i].Next)
        {
            var symbol = merger.Symbols[i];
            if (symbol.Id >= 0) tokens.Add(symbol.Id);
            else AddBytes(word.Slice(symbol.Start, symbol.Length), tokens);
        }
    }

    private protected override byte[] TextOf(string token) => SpaceEscape.Unescape(token);

    private void AddBytes(ReadOnlySpan<byte> bytes, List<int> tokens)
    {
        foreach (var value in bytes)
        {
            if (_byteTokens[value] >= 0)
            {
                tokens.Add(_byteTokens[value]);
            }
            else if (Vocabulary[SpecialToken.Unknown] is { } unknown)
            {
                tokens.Add(unknown);
                return; // one unknown token for the character, not one per byte
            }
        }
    }

    private static IEnumerable<int> CharactersBeforeSpace(Vocabulary vocabulary)
    {
        for (var id = 0; id < vocabulary.Count; id++)
        {
            var text = vocabulary.Text(id);
            for (var i = text.LastIndexOf(SpaceEscape.Escaped); i > 0; i = text.LastIndexOf(SpaceEscape.Escaped, i - 1))
            {
                Rune.DecodeLastFromUtf16(text.AsSpan(0, i), out var before, out _);
                yield return before.Value;
            }
        }
    }

    private static int[] RankByScore(Vocabulary vocabulary)
    {
        var ids = Enumerable.Range(0, vocabulary.Count).ToArray();
        var scores = Array.ConvertAll(ids, vocabulary.Score);
        Array.Sort(scores, ids);
        var ranks = new int[ids.Length];
        var rank = 0;
        for (var i = ids.Length - 1; i >= 0; i--)
        {
            if (i < ids.Length - 1 && scores[i] != scores[i + 1]) rank++;
            ranks[ids[i]] = rank;
        }

        return ranks;
    }

    private readonly struct ScoreRule(Vocabulary vocabulary, int[] ranks) : IMergeRule
    {
        public bool TryMerge(ReadOnlySpan<byte> word, in Symbol left, in Symbol right, out int rank, out int id)
        {
            id = vocabulary.Find(word.Slice(left.Start, left.Length + right.Length));
            rank = id < 0 ? 0 : ranks[id];
            return id >= 0;
        }
    }
}
