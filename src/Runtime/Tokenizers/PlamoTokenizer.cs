using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>
/// The tokenizer of PLaMo 2 and 3: of all divisions of a text into tokens the one with the largest sum of scores, rounded to ten-thousandths; among equals the
/// one whose first tokens are longer. A character may stand for itself at a score of -1000, as the tokens of its bytes.
/// </summary>
internal sealed class PlamoTokenizer : GgufTokenizer
{
    private const double Precision = 1e4;
    private const long CharacterCost = 10_000_000, LargestCost = 20_000_000;
    private const char ByteOrderMark = '\uFEFF';

    private readonly SymbolTrie _trie = new();
    private readonly long[] _costs;
    private readonly int[] _bytes;

    public PlamoTokenizer(GgufMetadata metadata)
        : base(metadata,
            new Vocabulary(metadata, [(SpecialToken.Unknown, 0), (SpecialToken.Bos, 1), (SpecialToken.Eos, 2), (SpecialToken.Padding, 3)]),
            default(TokenizerFlags).With(metadata))
    {
        _bytes = ByteTokens.In(Vocabulary);
        if (Array.FindIndex(_bytes, id => id < 0) is >= 0 and var missing)
        {
            throw new ModelFileException(
                $"{metadata.Source}: the vocabulary has no token <0x{missing:X2}>; expected one for each byte. Convert the model again.");
        }

        _costs = new long[Vocabulary.Count];
        for (var id = 0; id < Vocabulary.Count; id++)
        {
            var cost = Math.Round(-Vocabulary.Score(id) * Precision, MidpointRounding.AwayFromZero);
            // Markers are no text, and what costs more is never a part of the best division.
            if (Vocabulary.Type(id) is not (TokenType.Normal or TokenType.UserDefined) || Vocabulary.Text(id).Length == 0) continue;
            if (!(Math.Abs(cost) < LargestCost)) continue;
            _costs[id] = (long)cost;
            _trie.Add<byte>(Encoding.UTF8.GetBytes(Vocabulary.Text(id)), id);
        }
    }

    private protected override void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens)
    {
        if (text is [ByteOrderMark, ..]) text = text[1..];
        var bytes = SpaceEscape.Encode(text, prefixSpace: false, escape: false);
        var best = new (long Cost, int Length, int Token)[bytes.Length + 1];
        for (var start = bytes.Length - 1; start >= 0; start--)
        {
            if ((bytes[start] & 0xC0) == 0x80) continue; // within a character
            best[start] = BestFrom(bytes, start, best);
        }

        for (var start = 0; start < bytes.Length; start += best[start].Length)
        {
            var (_, length, token) = best[start];
            if (token >= 0) tokens.Add(token);
            for (var i = start; token < 0 && i < start + length; i++) tokens.Add(_bytes[bytes[i]]);
        }
    }

    private (long Cost, int Length, int Token) BestFrom(byte[] bytes, int start, (long Cost, int Length, int Token)[] best)
    {
        Rune.DecodeFromUtf8(bytes.AsSpan(start), out _, out var width);
        var choice = (Cost: best[start + width].Cost + CharacterCost, Length: width, Token: -1);
        var node = SymbolTrie.Root;
        for (var end = start; end < bytes.Length && (node = _trie.Step(node, bytes[end])) >= 0;)
        {
            end++;
            if (_trie.Value(node) is not (>= 0 and var token)) continue;
            var cost = best[end].Cost + _costs[token];
            if (cost <= choice.Cost) choice = (cost, end - start, token);
        }

        return choice;
    }

    private protected override byte[] TextOf(string token) => Encoding.UTF8.GetBytes(token);
}
