namespace ArchGen.Grammars.Regexes;

internal enum RegexKind : byte
{
    Nothing,
    Empty,
    Bytes,
    Concat,
    Repeat,
    Or,
    And,
    Not,

    /// <summary>A state of a <see cref="ByteAutomaton"/>.</summary>
    Automaton,
}

/// <summary>
/// A node of a regular expression. <c>First</c> is the set of bytes, the head of a concatenation, or what is repeated or complemented; <c>Second</c> the
/// tail, or the fewest repetitions; <c>Third</c> the most. <c>Parts</c> are the sides of a union or an intersection, in ascending order.
/// </summary>
internal readonly struct RegexNode(RegexKind kind, int first = 0, int second = 0, int third = 0, int[]? parts = null) : IEquatable<RegexNode>
{
    public RegexKind Kind { get; } = kind;

    public int First { get; } = first;

    public int Second { get; } = second;

    public int Third { get; } = third;

    public int[] Parts { get; } = parts ?? [];

    /// <summary>Whether the empty string is in the language.</summary>
    public bool Nullable { get; init; }

    /// <summary>Whether there is an intersection or a complement inside, so that the language can be empty without being written as such.</summary>
    public bool IsBoolean { get; init; }

    /// <summary>The depth of nesting, which bounds recursion; the tail of a concatenation does not count.</summary>
    public int Depth { get; init; }

    public bool Equals(RegexNode other) =>
        Kind == other.Kind && First == other.First && Second == other.Second && Third == other.Third && Parts.AsSpan().SequenceEqual(other.Parts);

    public override bool Equals(object? obj) => obj is RegexNode other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add((int)Kind);
        hash.Add(First);
        hash.Add(Second);
        hash.Add(Third);
        foreach (var part in Parts) hash.Add(part);
        return hash.ToHashCode();
    }
}
