using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>A piece of a text: a special token, or text between special tokens.</summary>
/// <param name="Token">The special token, or -1.</param>
internal readonly record struct Fragment(int Start, int Length, int Token);

/// <summary>
/// Finds special tokens in a text. Longer tokens go first, each from left to right, and what is taken is not searched again. As a vocabulary can have
/// thousands of them, one pass over the text finds out which occur at all.
/// </summary>
internal sealed class SpecialTokenSplitter
{
    private readonly Dictionary<string, int> _order = new(StringComparer.Ordinal);
    private readonly Dictionary<char, int[]> _lengthsByFirst = [];
    private readonly List<Special> _specials;
    private readonly System.Buffers.SearchValues<char> _firsts;

    /// <param name="stripsLeft">Tokens that swallow the white space before them.</param>
    /// <param name="stripsRight">Tokens that swallow the white space after them.</param>
    public SpecialTokenSplitter(Vocabulary vocabulary, IReadOnlySet<int> stripsLeft, IReadOnlySet<int> stripsRight)
    {
        _specials = [];
        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.Type(id) is not (TokenType.Control or TokenType.UserDefined or TokenType.Unknown)) continue;
            var onRequest = vocabulary.Type(id) != TokenType.UserDefined;
            _specials.Add(new(vocabulary.Text(id), id, onRequest, stripsLeft.Contains(id), stripsRight.Contains(id)));
        }

        _specials = [.. _specials.OrderByDescending(special => Encoding.UTF8.GetByteCount(special.Text)).ThenBy(special => special.Id)];
        for (var i = 0; i < _specials.Count; i++) _order.TryAdd(_specials[i].Text, i);
        foreach (var group in _specials.GroupBy(special => special.Text[0]))
        {
            _lengthsByFirst[group.Key] = [.. group.Select(special => special.Text.Length).Distinct()];
        }

        _firsts = System.Buffers.SearchValues.Create([.. _lengthsByFirst.Keys]);
    }

    private sealed record Special(string Text, int Id, bool OnRequest, bool StripsLeft, bool StripsRight);

    /// <summary>Splits a text at its user-defined tokens, and at control and unknown tokens where <paramref name="scope"/> allows them.</summary>
    public List<Fragment> Split(ReadOnlySpan<char> text, SpecialScope scope)
    {
        List<Fragment> fragments = text.IsEmpty ? [] : [new(0, text.Length, -1)];
        foreach (var order in Occurring(text))
        {
            if (scope.IsAllowed || !_specials[order].OnRequest) fragments = SplitAt(_specials[order], fragments, text, scope);
        }

        return fragments;
    }

    private SortedSet<int> Occurring(ReadOnlySpan<char> text)
    {
        SortedSet<int> found = [];
        var order = _order.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start < text.Length; start++)
        {
            var skip = text[start..].IndexOfAny(_firsts);
            if (skip < 0) break;
            start += skip;
            foreach (var length in _lengthsByFirst[text[start]])
            {
                if (length <= text.Length - start && order.TryGetValue(text.Slice(start, length), out var index)) found.Add(index);
            }
        }

        return found;
    }

    private static List<Fragment> SplitAt(Special special, List<Fragment> fragments, ReadOnlySpan<char> text, SpecialScope scope)
    {
        List<Fragment> result = new(fragments.Count);
        foreach (var fragment in fragments)
        {
            var start = fragment.Start;
            var end = fragment.Start + fragment.Length;
            while (fragment.Token < 0 && Find(special, text[..end], start, scope) is >= 0 and var at)
            {
                var found = at - start;
                var before = text.Slice(start, found);
                if (special.StripsLeft) before = before.TrimEnd(AsciiWhiteSpace);
                if (!before.IsEmpty) result.Add(new(start, before.Length, -1));
                result.Add(new(start + found, special.Text.Length, special.Id));

                start += found + special.Text.Length;
                if (special.StripsRight) start = end - text[start..end].TrimStart(AsciiWhiteSpace).Length;
            }

            if (fragment.Token >= 0) result.Add(fragment);
            else if (start < end) result.Add(new(start, end - start, -1));
        }

        return result;
    }

    private static int Find(Special special, ReadOnlySpan<char> text, int start, SpecialScope scope)
    {
        while (text[start..].IndexOf(special.Text, StringComparison.Ordinal) is >= 0 and var found)
        {
            var at = start + found;
            if (!special.OnRequest || scope.Allows(at, at + special.Text.Length)) return at;
            start = at + 1;
        }

        return -1;
    }

    private const string AsciiWhiteSpace = " \t\n\v\f\r";
}
