namespace ArchGen.Generation;

/// <summary>Finds an architecture by its name.</summary>
public static class ArchitectureLookup
{
    /// <summary>The architecture of a name, or null.</summary>
    public static ArchitectureInfo? Find(this IEnumerable<ArchitectureInfo> known, string name) => known.FirstOrDefault(a => a.Name == name);

    /// <summary>What is known instead, the nearest name first; for messages about a name that is not.</summary>
    public static string Suggest(this IEnumerable<ArchitectureInfo> known, string name)
    {
        var names = known.Select(a => a.Name).Order(StringComparer.Ordinal).ToList();
        var nearest = Spelling.Nearest(name, names);
        return (nearest is null ? "" : $"Did you mean {nearest}? ") + $"Known are {string.Join(", ", names)}.";
    }
}
