using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>
/// SentencePiece BPE: characters are merged as long as neighbours make a token, the token with the highest score first; a character without a token
/// falls back to its bytes (Kudo and Richardson 2018, "SentencePiece").
/// </summary>
internal sealed class SentencePieceTokenizer : Tokenizer
{
    private readonly int[] _byteTokens;
    private readonly int[] _ranks;

    public SentencePieceTokenizer(GgufMetadata metadata)
        : base(metadata,
            new Vocabulary(metadata, [(SpecialToken.Unknown, 0), (SpecialToken.Bos, 1), (SpecialToken.Eos, 2)]),
            new TokenizerFlags(AddBos: true, AddSpacePrefix: true).With(metadata))
    {
        _byteTokens = ByteTokens.In(Vocabulary);
        _ranks = RankByScore(Vocabulary);
    }

    private protected override void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens)
    {
        var word = SpaceEscape.Escape(text, prefixSpace: AddsSpacePrefix && afterSpecial);
        SymbolMerger<ScoreRule> merger = new(new(Vocabulary, _ranks));
        for (var start = 0; start < word.Length;)
        {
            Rune.DecodeFromUtf8(word.AsSpan(start), out _, out var length);
            merger.Add(start, length, Vocabulary.Find(word.AsSpan(start, length)));
            start += length;
        }

        merger.Merge(word);
        for (var i = 0; i >= 0; i = merger.Symbols[i].Next)
        {
            var symbol = merger.Symbols[i];
            if (symbol.Id >= 0) tokens.Add(symbol.Id);
            else AddBytes(word.AsSpan(symbol.Start, symbol.Length), tokens);
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
