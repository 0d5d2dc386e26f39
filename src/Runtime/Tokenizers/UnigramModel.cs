using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>
/// Unigram language model: of all segmentations of a text into tokens, the one with the largest sum of scores (Kudo 2018, "Subword Regularization").
/// </summary>
/// <param name="scores">The log probability of each token.</param>
/// <param name="unknown">The token for a character that no token begins with, if there is one.</param>
/// <param name="byteTokens">The token of each byte to fall back to, -1 where there is none; null for no fallback.</param>
/// <param name="source">The file, for messages.</param>
internal sealed class UnigramModel(SymbolTrie trie, double[] scores, double smallestScore, int? unknown, int[]? byteTokens, string source)
{
    private const double UnknownPenalty = 10;

    private readonly double _unknownScore = smallestScore - UnknownPenalty;

    private record struct Node(double Score, int Start, int Token);

    /// <summary>Appends the tokens of a text in UTF-8. Neighbouring unknown characters are one unknown token.</summary>
    public void Encode(ReadOnlySpan<byte> text, List<int> tokens)
    {
        var best = new Node[text.Length + 1];
        for (var i = 1; i < best.Length; i++) best[i].Start = -1;
        for (var start = 0; start < text.Length;)
        {
            Rune.DecodeFromUtf8(text[start..], out _, out var length);
            var covered = false;
            var node = SymbolTrie.Root;
            for (var end = start; end < text.Length && (node = trie.Step(node, text[end])) >= 0;)
            {
                end++;
                if (trie.Value(node) is not (>= 0 and var token)) continue;
                Offer(ref best[end], best[start].Score + scores[token], start, token);
                covered |= end - start == length;
            }

            if (!covered) Offer(ref best[start + length], best[start].Score + _unknownScore, start, -1);
            start += length;
        }

        var first = tokens.Count;
        for (var end = text.Length; end > 0;)
        {
            var (_, start, token) = best[end];
            while (token < 0 && start > 0 && best[start].Token < 0) start = best[start].Start;
            if (token >= 0) tokens.Add(token);
            else AddUnknown(text[start..end], tokens);
            end = start;
        }

        tokens.Reverse(first, tokens.Count - first);
    }

    private static void Offer(ref Node node, double score, int start, int token)
    {
        if (node.Start < 0 || score > node.Score) node = new(score, start, token);
    }

    /// <summary>Appends the bytes last to first, as the tokens are collected from the end.</summary>
    private void AddUnknown(ReadOnlySpan<byte> text, List<int> tokens)
    {
        var first = tokens.Count;
        for (var i = text.Length - 1; i >= 0 && byteTokens is not null; i--)
        {
            if (byteTokens[text[i]] < 0) break;
            tokens.Add(byteTokens[text[i]]);
        }

        if (tokens.Count - first == text.Length) return;
        tokens.RemoveRange(first, tokens.Count - first);
        tokens.Add(unknown ?? throw new RequestException(
            $"{source}: the text has a character that no token stands for, and the vocabulary names no unknown token (unk_id). Leave the character out."));
    }
}
