using System.Text;
using ArchGen.Tokenizers.HuggingFace.Patterns;

namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>A token of the section <c>added_tokens</c>: found in a text before anything else is done to it.</summary>
internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool StripsLeft, bool StripsRight, bool Normalized, bool Special)
{
    /// <summary>The normalized content, if the token is searched for in normalized text.</summary>
    public required string Matched { get; init; }
}

/// <summary>Finds added tokens in a text: at each place the longest, from left to right (Hugging Face tokenizers, <c>AddedVocabulary</c>).</summary>
internal sealed class AddedTokens
{
    private readonly SymbolTrie _trie = new();
    private readonly AddedToken[] _tokens;
    private readonly System.Buffers.SearchValues<char> _firsts;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _tokens = [.. tokens.Where(token => token.Matched.Length > 0)];
        for (var i = 0; i < _tokens.Length; i++) _trie.Add<char>(_tokens[i].Matched, i);
        _firsts = System.Buffers.SearchValues.Create([.. _tokens.Select(token => token.Matched[0])]);
    }

    /// <summary>Appends the parts of a text; a part that is a token has its id, another one -1.</summary>
    /// <param name="scope">Where special tokens are found, too.</param>
    public void Split(ReadOnlySpan<char> text, SpecialScope scope, List<(int Start, int End, int Id)> parts)
    {
        var done = 0;
        for (var at = 0; at < text.Length;)
        {
            var skip = text[at..].IndexOfAny(_firsts);
            if (skip < 0) break;
            at += skip;
            var found = _trie.Longest(text[at..], out var length);
            if (found < 0)
            {
                at++;
                continue;
            }

            var token = _tokens[found];
            var (start, end) = (at, at + length);
            at = end;
            if ((token.Special && !scope.Allows(start, end)) || (token.SingleWord && !StandsAlone(text, start, end))) continue;
            if (token.StripsLeft) start = Math.Max(done, text[..start].TrimEnd().Length);
            if (token.StripsRight) end = text.Length - text[end..].TrimStart().Length;
            if (done < start) parts.Add((done, start, -1));
            parts.Add((start, end, token.Id));
            done = end;
        }

        if (done < text.Length) parts.Add((done, text.Length, -1));
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end)
    {
        Rune.DecodeLastFromUtf16(text[..start], out var before, out _);
        Rune.DecodeFromUtf16(text[end..], out var after, out _);
        return (start == 0 || !CodePointSet.IsWord(before.Value)) && (end == text.Length || !CodePointSet.IsWord(after.Value));
    }
}
