namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>The treatment of the matches that a piece is split at.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Splits pieces at matches (Hugging Face tokenizers, <c>SplitDelimiterBehavior</c>).</summary>
internal static class PieceSplitter
{
    public static SplitBehavior ReadBehavior(JsonSection section, SplitBehavior? missing = null) =>
        missing is { } value && section.IsMissing ? value
        : Enum.TryParse<SplitBehavior>(section.Text(), out var behavior) && Enum.IsDefined(behavior) ? behavior
        : throw section.Wrong("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");

    /// <param name="matches">Ascending, without overlap; an empty match splits without removing text.</param>
    /// <param name="invert">Whether the text between the matches counts as the matches.</param>
    public static void Split(Piece piece, List<(int Start, int End)> matches, SplitBehavior behavior, bool invert, List<Piece> result)
    {
        List<(int Start, int End, bool IsMatch)> parts = new(matches.Count * 2 + 1);
        var done = 0;
        foreach (var (start, end) in matches)
        {
            if (done < start) parts.Add((done, start, invert));
            parts.Add((start, end, !invert));
            done = end;
        }

        if (done < piece.Length) parts.Add((done, piece.Length, invert));
        if (behavior == SplitBehavior.MergedWithNext) MergeWithNext(parts);
        else if (behavior == SplitBehavior.MergedWithPrevious) Merge(parts, (before, part) => part.IsMatch && !before);
        else if (behavior == SplitBehavior.Contiguous) Merge(parts, (before, part) => part.IsMatch == before);
        foreach (var (start, end, isMatch) in parts)
        {
            if (start < end && !(isMatch && behavior == SplitBehavior.Removed)) result.Add(piece.Slice(start, end));
        }
    }

    private static void Merge(List<(int Start, int End, bool IsMatch)> parts, Func<bool, (int Start, int End, bool IsMatch), bool> joins)
    {
        var length = 0;
        var before = false;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (length > 0 && joins(before, part)) parts[length - 1] = parts[length - 1] with { End = part.End };
            else parts[length++] = part;
            before = part.IsMatch;
        }

        parts.RemoveRange(length, parts.Count - length);
    }

    private static void MergeWithNext(List<(int Start, int End, bool IsMatch)> parts)
    {
        var first = parts.Count;
        var after = false;
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var part = parts[i];
            if (first < parts.Count && part.IsMatch && !after) parts[first] = parts[first] with { Start = part.Start };
            else parts[--first] = part;
            after = part.IsMatch;
        }

        parts.RemoveRange(0, first);
    }
}
