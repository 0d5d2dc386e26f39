namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>A set of JSON values: those of each type. The arrays and the objects are unions of shapes.</summary>
internal sealed record ValueSet
{
    /// <summary>No value.</summary>
    public static ValueSet None { get; } = new();

    public bool Null { get; init; }

    public bool True { get; init; }

    public bool False { get; init; }

    public NumberSet Numbers { get; init; } = NumberSet.None;

    /// <summary>The strings; null if there are none.</summary>
    public StringSet? Strings { get; init; }

    public IReadOnlyList<ArrayShape> Arrays { get; init; } = [];

    public IReadOnlyList<ObjectShape> Objects { get; init; } = [];
}
