namespace ArchGen.Grammars.Regexes;

/// <summary>A part of a pattern as it is written.</summary>
/// <param name="HasStart">Whether there is an anchor at the start of the text inside.</param>
/// <param name="HasEnd">Whether there is an anchor at the end of the text inside.</param>
/// <param name="HasLookahead">Whether there is a lookahead inside.</param>
internal abstract record RegexTree(bool HasStart, bool HasEnd, bool HasLookahead)
{
    /// <summary>Whether what it matches does not depend on what is around: it has no anchor and no lookahead.</summary>
    public bool IsPlain => !HasStart && !HasEnd && !HasLookahead;

    /// <summary>One code point.</summary>
    public sealed record Set(CodePointRanges Points) : RegexTree(false, false, false);

    /// <summary>The start or the end of the text.</summary>
    public sealed record Anchor(bool IsStart) : RegexTree(IsStart, !IsStart, false);

    /// <summary>A condition of what follows.</summary>
    public sealed record Lookahead(RegexTree Body, bool IsNegative) : RegexTree(Body.HasStart, Body.HasEnd, true);

    /// <summary>One after the other.</summary>
    public sealed record Sequence(RegexTree[] Parts)
        : RegexTree(Parts.Any(part => part.HasStart), Parts.Any(part => part.HasEnd), Parts.Any(part => part.HasLookahead))
    {
        /// <summary>
        /// The sequence of some parts. Plain ones in a row are one, so that what is worked out part by part is no deeper than the others are many.
        /// </summary>
        public static RegexTree Of(List<RegexTree> parts)
        {
            if (parts.Count == 1) return parts[0];
            if (parts.TrueForAll(part => part.IsPlain)) return new Sequence([.. parts]);
            List<RegexTree> joined = [];
            for (var i = 0; i < parts.Count;)
            {
                var end = i;
                while (end < parts.Count && parts[end].IsPlain) end++;
                joined.Add(end > i + 1 ? new Sequence([.. parts[i..end]]) : parts[i]);
                i = Math.Max(end, i + 1);
            }

            return new Sequence([.. joined]);
        }
    }

    /// <summary>One of several.</summary>
    public sealed record Union(RegexTree[] Sides)
        : RegexTree(Sides.Any(side => side.HasStart), Sides.Any(side => side.HasEnd), Sides.Any(side => side.HasLookahead));

    /// <summary>Several times.</summary>
    public sealed record Repeated(RegexTree Body, int Min, int Max) : RegexTree(Body.HasStart, Body.HasEnd, Body.HasLookahead);
}
