namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>Items that an array contains: between <c>Min</c> and <c>Max</c> of those from the index <c>From</c> on satisfy the condition.</summary>
internal readonly record struct Contained(Term Value, int From, int Min, int? Max)
{
    /// <summary>The number from which on counting makes no difference.</summary>
    public int Cap => Max ?? Min;
}

/// <summary>Arrays: conditions of the first items and of all others, and bounds on their number.</summary>
internal sealed record ArrayShape
{
    /// <summary>All arrays.</summary>
    public static ArrayShape All { get; } = new();

    /// <summary>The conditions of the first items. The array may be shorter.</summary>
    public IReadOnlyList<Term> Prefix { get; init; } = [];

    /// <summary>The condition of the items after the first.</summary>
    public Term Rest { get; init; } = Term.Any;

    public int Min { get; init; }

    /// <summary>The most items; null is without bound.</summary>
    public int? Max { get; init; }

    public IReadOnlyList<Contained> Contains { get; init; } = [];

    /// <summary>Whether no two items may be equal.</summary>
    public bool IsUnique { get; init; }

    /// <summary>The path of the keyword from which the shape comes, for messages.</summary>
    public string Path { get; init; } = "#";

    public Term ItemAt(int index) => index < Prefix.Count ? Prefix[index] : Rest;
}
