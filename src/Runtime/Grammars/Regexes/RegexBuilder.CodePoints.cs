namespace ArchGen.Grammars.Regexes;

internal sealed partial class RegexBuilder
{
    /// <summary>The UTF-8 of one code point from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public Regex CodePoints(int first, int last) => CodePoints(CodePointRanges.Of((first, last)));

    /// <summary>The UTF-8 of one code point of a set.</summary>
    public Regex CodePoints(CodePointRanges points)
    {
        List<Regex> sides = [];
        ReadOnlySpan<(int First, int Last, int Lead, int Continuations)> forms =
            [(0, 0x7F, 0, 0), (0x80, 0x7FF, 0xC0, 1), (0x800, 0xFFFF, 0xE0, 2), (0x10000, 0x10FFFF, 0xF0, 3)];
        foreach (var (first, last, lead, continuations) in forms)
        {
            List<(int First, int Last)> ranges = [];
            foreach (var range in points.Ranges)
            {
                var (from, to) = (Math.Max(range.First, first), Math.Min(range.Last, last));
                if (from <= to) ranges.Add((from, to));
            }

            if (ranges.Count > 0) sides.Add(Sequences(ranges, lead, continuations));
        }

        return Or([.. sides]);
    }

    /// <summary>The sequences of a first byte and continuation bytes; bytes with the same continuations become one set.</summary>
    /// <param name="ranges">What is encoded: the bits below the first byte's mark.</param>
    private Regex Sequences(List<(int First, int Last)> ranges, int lead, int continuations)
    {
        if (continuations == 0)
        {
            ByteSet set = default;
            foreach (var (first, last) in ranges) set |= ByteSet.Range((byte)(lead | first), (byte)(lead | last));
            return Bytes(set);
        }

        // First bytes whose continuations are all in a range go together; of others, each has its own part of the ranges.
        var shift = 6 * continuations;
        var low = (1 << shift) - 1;
        ByteSet whole = default;
        SortedDictionary<int, List<(int First, int Last)>> parts = [];
        foreach (var (first, last) in ranges)
        {
            var (from, to) = ((first + low) >> shift, ((last + 1) >> shift) - 1);
            if (from <= to) whole |= ByteSet.Range((byte)(lead | from), (byte)(lead | to));
            if (first >> shift < from) AddPart(first, Math.Min(last, first | low));
            if (last >> shift > to && last >> shift >= from) AddPart(Math.Max(first, last & ~low), last);
        }

        Dictionary<Regex, ByteSet> leads = [];
        if (!whole.IsEmpty) leads.Add(Sequences([(0, low)], 0x80, continuations - 1), whole);
        foreach (var (head, inside) in parts)
        {
            var rest = Sequences(inside, 0x80, continuations - 1);
            leads[rest] = leads.GetValueOrDefault(rest) | ByteSet.Of((byte)(lead | head));
        }

        List<Regex> sides = [];
        foreach (var (rest, set) in leads) sides.Add(Pair(Bytes(set), rest));
        return Or([.. sides]);

        void AddPart(int first, int last)
        {
            if (!parts.TryGetValue(first >> shift, out var inside)) parts.Add(first >> shift, inside = []);
            inside.Add((first & low, last & low));
        }
    }
}
