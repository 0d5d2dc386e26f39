namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>
/// A property by its name. One that <c>properties</c> declares has its place by that; those that are only required, or only looked at, come after them.
/// </summary>
internal readonly record struct Member(string Name, Term Value, bool IsRequired, bool IsDeclared = false);

/// <summary>The condition of all properties whose names are in a set and are not those of members.</summary>
internal readonly record struct Region(StringSet Names, Term Value);

/// <summary>
/// Objects: members in their order; a partition of all other names into regions; bounds on the number of properties; and conditions that at least one
/// property satisfies.
/// </summary>
internal sealed record ObjectShape
{
    private Dictionary<string, int>? _index;

    public IReadOnlyList<Member> Members
    {
        get;
        init
        {
            field = value;
            _index = null;
        }
    }

        = [];

    /// <summary>Disjoint sets of names that together are all names.</summary>
    public required IReadOnlyList<Region> Regions { get; init; }

    public int Min { get; init; }

    /// <summary>The most properties; null is without bound.</summary>
    public int? Max { get; init; }

    /// <summary>For each of these, at least one property has a name and a value of it.</summary>
    public IReadOnlyList<Region> Some { get; init; } = [];

    /// <summary>The path of the keyword from which the shape comes, for messages.</summary>
    public string Path { get; init; } = "#";

    /// <summary>The number of a member; -1 if there is none of the name.</summary>
    public int IndexOf(string name)
    {
        if (_index is null)
        {
            Dictionary<string, int> index = new(StringComparer.Ordinal);
            for (var i = 0; i < Members.Count; i++) index[Members[i].Name] = i;
            _index = index;
        }

        return _index.GetValueOrDefault(name, -1);
    }
}
