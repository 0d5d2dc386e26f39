using ArchGen.Grammars.JsonSchema.Sets;

namespace ArchGen.Grammars.JsonSchema.Reading;

/// <summary>
/// The properties and items that the schemas at one place have evaluated, draft 2020-12, section 11: what unevaluatedProperties and unevaluatedItems leave
/// alone.
/// </summary>
internal sealed record Evaluated
{
    /// <summary>Nothing.</summary>
    public static Evaluated None { get; } = new();

    /// <summary>The names of evaluated properties.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Further names, as the patterns have them.</summary>
    public StringSet Patterns { get; init; } = StringSets.None;

    public bool HasAllProperties { get; init; }

    /// <summary>The number of first items.</summary>
    public int Items { get; init; }

    public bool HasAllItems { get; init; }

    /// <summary>Items that satisfy one of these are evaluated, wherever they are.</summary>
    public IReadOnlyList<Term> Contained { get; init; } = [];

    public bool IsNone => !HasAllProperties && !HasAllItems && Items == 0 && Names.Count == 0 && Patterns.Regex.IsNothing && Contained.Count == 0;

    public Evaluated With(Evaluated other, StringSets strings) => new()
    {
        Names = [.. Names.Union(other.Names, StringComparer.Ordinal)],
        Patterns = strings.Union(Patterns, other.Patterns),
        HasAllProperties = HasAllProperties || other.HasAllProperties,
        Items = Math.Max(Items, other.Items),
        HasAllItems = HasAllItems || other.HasAllItems,
        Contained = [.. Contained.Union(other.Contained)],
    };
}
