using System.Text;

namespace ArchGen.Grammars.Regexes;

/// <summary>Upper and lower case by Unicode's simple mappings.</summary>
internal static class LetterCases
{
    private static readonly Lazy<Dictionary<int, int[]>> Others = new(FindOthers);

    /// <summary>The set with the other cases of its letters.</summary>
    public static CodePointRanges AddOthers(CodePointRanges set)
    {
        List<(int, int)> ranges = [.. set.Ranges];
        foreach (var (point, others) in Others.Value)
        {
            if (!set.Contains(point)) continue;
            foreach (var other in others) ranges.Add((other, other));
        }

        return CodePointRanges.Of(ranges);
    }

    private static Dictionary<int, int[]> FindOthers()
    {
        Dictionary<int, List<int>> byKey = [];
        for (var point = 0; point <= 0x1FFFF; point++)
        {
            if (!Rune.IsValid(point)) continue;
            var key = Rune.ToUpperInvariant(Rune.ToLowerInvariant(new Rune(point))).Value;
            if (byKey.TryGetValue(key, out var same)) same.Add(point);
            else byKey.Add(key, [point]);
        }

        Dictionary<int, int[]> others = [];
        foreach (var same in byKey.Values.Where(same => same.Count > 1))
        {
            foreach (var point in same) others.Add(point, [.. same]);
        }

        return others;
    }
}
