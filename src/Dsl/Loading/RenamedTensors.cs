namespace ArchGen;

/// <summary>Tensors with another prefix than expected, reported as one mistake.</summary>
/// <param name="Expected">The pattern of the expected names: <c>model.layers.{i}.*</c>.</param>
/// <param name="Found">The pattern of the names in the file.</param>
/// <param name="Pairs">Each expected name and the name in the file.</param>
internal sealed record RenamedTensors(string Expected, string Found, IReadOnlyList<(string Expected, string Found)> Pairs)
{
    /// <summary>The message.</summary>
    public override string ToString() => $"renamed    {Expected} is {Found} here: {Pairs.Count} tensors, for example {Pairs[0].Expected} is {Pairs[0].Found}";

    /// <summary>Whether an unexpected name belongs to this group; it may be the name of an optional tensor, which does not count as missing.</summary>
    public bool Has(string name) => Found.Length > 1
        ? NamePattern.Of(name).StartsWith(Found[..^1], StringComparison.Ordinal)
        : Pairs.Any(p => NamePattern.Of(p.Found) == NamePattern.Of(name));

    /// <summary>Finds tensors that are missing under one prefix and unexpected under another, the largest group first. A group has at least two.</summary>
    /// <param name="missing">The possible names of each missing tensor.</param>
    /// <param name="extra">The unexpected names.</param>
    public static IReadOnlyList<RenamedTensors> Find(IEnumerable<IReadOnlyList<string>> missing, IEnumerable<string> extra)
    {
        var bySuffix = extra.SelectMany(name => Splits(name).Select(s => (Key: (Numbers(name), s.Suffix), s.Length, Name: name))).ToLookup(s => s.Key);
        var pairs = new List<Pair>();
        foreach (var (names, id) in missing.Select((names, id) => (names, id)))
        {
            foreach (var name in names)
            {
                var (suffix, length) = Splits(name).FirstOrDefault(s => bySuffix.Contains((Numbers(name), s.Suffix)));
                if (suffix is null) continue;
                var candidates = bySuffix[(Numbers(name), suffix)].Select(found => new Pair(id, name, length, found.Name, found.Length));
                pairs.AddRange(candidates.Where(p => p.ExpectedPrefix != p.FoundPrefix));
            }
        }

        var groups = new List<RenamedTensors>();
        while (pairs.GroupBy(p => (p.ExpectedPrefix, p.FoundPrefix)).MaxBy(g => g.Select(p => p.Id).Distinct().Count()) is { } group)
        {
            var members = group.DistinctBy(p => p.Id).DistinctBy(p => p.Found).ToList();
            if (members.Count < 2) break;
            groups.Add(Of(members));
            var (ids, taken) = (members.Select(p => p.Id).ToHashSet(), members.Select(p => p.Found).ToHashSet(StringComparer.Ordinal));
            pairs.RemoveAll(p => ids.Contains(p.Id) || taken.Contains(p.Found));
        }

        return groups;
    }

    /// <summary>The group of some pairs; the pattern includes the common part of all names after the prefix.</summary>
    private static RenamedTensors Of(IReadOnlyList<Pair> pairs)
    {
        var rests = pairs.Select(p => NamePattern.Of(p.Expected).Split('.')[p.ExpectedLength..]).ToList();
        var shared = Enumerable.Range(0, rests.Min(r => r.Length) - 2).TakeWhile(i => rests.All(r => r[i] == rests[0][i]));
        var common = shared.Select(i => rests[0][i]).Append("*").ToList();
        return new RenamedTensors(Join(pairs[0].ExpectedPrefix), Join(pairs[0].FoundPrefix), [.. pairs.Select(p => (p.Expected, p.Found))]);

        string Join(string prefix) => string.Join('.', prefix.Length == 0 ? common : common.Prepend(prefix));
    }

    /// <summary>The layer and the expert in a name, which renaming does not change.</summary>
    private static string Numbers(string name) => string.Join('.', name.Split('.').Where(part => part.Length > 0 && part.All(char.IsAsciiDigit)));

    /// <summary>The suffixes of a name with at least two parts, the longest first, and the number of parts before each.</summary>
    private static IEnumerable<(string Suffix, int Length)> Splits(string name)
    {
        var parts = name.Split('.');
        return Enumerable.Range(0, Math.Max(parts.Length - 1, 0)).Select(i => (string.Join('.', parts[i..]), i));
    }

    private sealed record Pair(int Id, string Expected, int ExpectedLength, string Found, int FoundLength)
    {
        public string ExpectedPrefix { get; } = string.Join('.', NamePattern.Of(Expected).Split('.')[..ExpectedLength]);

        public string FoundPrefix { get; } = string.Join('.', NamePattern.Of(Found).Split('.')[..FoundLength]);
    }
}
