namespace ArchGen.Grammars.Regexes;

/// <summary>A set of Unicode code points without surrogates, as ascending ranges that do not touch. It is immutable.</summary>
internal sealed class CodePointRanges
{
    private readonly (int First, int Last)[] _ranges;

    private CodePointRanges((int First, int Last)[] ranges) => _ranges = ranges;

    /// <summary>All code points but the surrogates.</summary>
    public static CodePointRanges All { get; } = new([(0, 0xD7FF), (0xE000, 0x10FFFF)]);

    public ReadOnlySpan<(int First, int Last)> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The set of these ranges, in any order; surrogates are left out.</summary>
    public static CodePointRanges Of(params IEnumerable<(int First, int Last)> ranges)
    {
        List<(int First, int Last)> sorted = [];
        foreach (var (first, last) in ranges)
        {
            if (first <= Math.Min(last, 0xD7FF)) sorted.Add((first, Math.Min(last, 0xD7FF)));
            if (Math.Max(first, 0xE000) <= last) sorted.Add((Math.Max(first, 0xE000), Math.Min(last, 0x10FFFF)));
        }

        sorted.Sort();
        List<(int First, int Last)> merged = [];
        foreach (var (first, last) in sorted)
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(last, merged[^1].Last));
            else merged.Add((first, last));
        }

        return new([.. merged]);
    }

    /// <summary>The code points that a test holds for.</summary>
    public static CodePointRanges Where(Func<int, bool> contains)
    {
        List<(int, int)> ranges = [];
        var first = -1;
        for (var point = 0; point <= 0x110000; point++)
        {
            var isIn = point <= 0x10FFFF && point is < 0xD800 or > 0xDFFF && contains(point);
            if (isIn && first < 0) first = point;
            if (isIn || first < 0) continue;
            ranges.Add((first, point - 1));
            first = -1;
        }

        return Of(ranges);
    }

    public CodePointRanges Union(CodePointRanges other) => Of([.. _ranges, .. other._ranges]);

    public CodePointRanges Complement()
    {
        List<(int, int)> gaps = [];
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next) gaps.Add((next, first - 1));
            next = last + 1;
        }

        if (next <= 0x10FFFF) gaps.Add((next, 0x10FFFF));
        return Of(gaps);
    }

    public CodePointRanges Intersect(CodePointRanges other) => Complement().Union(other.Complement()).Complement();

    public bool Contains(int point)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (point < _ranges[middle].First) high = middle - 1;
            else if (point > _ranges[middle].Last) low = middle + 1;
            else return true;
        }

        return false;
    }
}
