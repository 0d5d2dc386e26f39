namespace ArchGen.Runtime.Generation;

/// <summary>Finds an architecture by its name, or by a class of transformers. Two that have it are an error: neither is meant more than the other.</summary>
public static class ArchitectureLookup
{
    /// <summary>The architecture of a name, or null.</summary>
    /// <exception cref="ArchGenException">Two have the name.</exception>
    public static ArchitectureInfo? Find(this IEnumerable<ArchitectureInfo> known, string name)
    {
        ArgumentNullException.ThrowIfNull(known);
        return Only(known.Where(a => a.Name == name), $"declare the architecture '{name}'");
    }

    /// <summary>The architecture that a class of transformers becomes, or null.</summary>
    /// <exception cref="ArchGenException">Two claim the class.</exception>
    public static ArchitectureInfo? FindClass(this IEnumerable<ArchitectureInfo> known, string className)
    {
        ArgumentNullException.ThrowIfNull(known);
        return Only(known.Where(a => a.HuggingFaceClasses.Contains(className, StringComparer.Ordinal)), $"claim the Hugging Face class '{className}'");
    }

    /// <summary>The known names, the nearest first; for messages about an unknown name.</summary>
    public static string Suggest(this IEnumerable<ArchitectureInfo> known, string name)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(name);
        var names = known.Select(a => a.Name).Order(StringComparer.Ordinal).ToList();
        var nearest = Spelling.Nearest(name, names);
        return (nearest is null ? "" : $"Did you mean {nearest}? ") + $"Known are {string.Join(", ", names)}.";
    }

    private static ArchitectureInfo? Only(IEnumerable<ArchitectureInfo> found, string claim)
    {
        var all = found.Distinct().ToList();
        if (all.Count <= 1) return all.FirstOrDefault();
        throw new ArchGenException($"{string.Join(" and ", all.Select(a => a.Create().GetType().FullName))} both {claim}. Give the program one of them.");
    }
}
