namespace ArchGen.Grammars.Regexes;

/// <summary>A part of a pattern as it is written.</summary>
/// <param name="HasStart">Whether there is an anchor at the start of the text inside.</param>
/// <param name="HasEnd">Whether there is an anchor at the end of the text inside.</param>
internal abstract record RegexTree(bool HasStart, bool HasEnd)
{
    /// <summary>One code point.</summary>
    public sealed record Set(CodePointRanges Points) : RegexTree(false, false);

    /// <summary>The start or the end of the text.</summary>
    public sealed record Anchor(bool IsStart) : RegexTree(IsStart, !IsStart);

    /// <summary>One after the other.</summary>
    public sealed record Sequence(RegexTree[] Parts) : RegexTree(Parts.Any(part => part.HasStart), Parts.Any(part => part.HasEnd));

    /// <summary>One of several.</summary>
    public sealed record Union(RegexTree[] Sides) : RegexTree(Sides.Any(side => side.HasStart), Sides.Any(side => side.HasEnd));

    /// <summary>Several times.</summary>
    public sealed record Repeated(RegexTree Body, int Min, int Max) : RegexTree(Body.HasStart, Body.HasEnd);
}
