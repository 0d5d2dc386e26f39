namespace ArchGen.Grammars.Regexes;

/// <summary>
/// Makes an expression of a pattern. An anchor matches depending on whether anything is before or after it, so a part of a pattern is compiled for the place
/// it has: with the start of the text at its left or not, and the end at its right or not. There are no lookaheads in it.
/// </summary>
internal sealed class RegexTreeCompiler(RegexBuilder builder)
{
    private readonly Dictionary<CodePointRanges, Regex> _sets = [];

    /// <summary>The texts of a part.</summary>
    /// <param name="atStart">Nothing is before it.</param>
    /// <param name="atEnd">Nothing is after it.</param>
    public Regex Compile(RegexTree tree, bool atStart, bool atEnd) => tree switch
    {
        RegexTree.Set set => Points(set.Points),
        RegexTree.Anchor anchor => (anchor.IsStart ? atStart : atEnd) ? Regex.Empty : Regex.Nothing,
        RegexTree.Union union => builder.Or([.. union.Sides.Select(side => Compile(side, atStart, atEnd))]),
        RegexTree.Sequence sequence => Compile(sequence.Parts, 0, atStart, atEnd, []),
        RegexTree.Repeated repeated => Compile(repeated, atStart, atEnd),
        _ => throw new ArgumentException("No such part of a pattern.", nameof(tree)),
    };

    private Regex Points(CodePointRanges points)
    {
        if (_sets.TryGetValue(points, out var known)) return known;
        var regex = builder.CodePoints(points);
        _sets.Add(points, regex);
        return regex;
    }

    private Regex Compile(RegexTree[] parts, int first, bool atStart, bool atEnd, Dictionary<(int First, bool AtStart), Regex> known)
    {
        if (!Array.Exists(parts, part => part.HasStart || part.HasEnd)) return builder.Concat([.. parts.Select(part => Compile(part, false, false))]);
        if (first == parts.Length) return Regex.Empty;
        if (known.TryGetValue((first, atStart), out var result)) return result;
        var head = parts[first];
        var restHasStart = Array.FindIndex(parts, first + 1, part => part.HasStart) >= 0;
        var inside = Compile(head, atStart, false);
        var rest = Compile(parts, first + 1, false, atEnd, known);
        if ((atStart && restHasStart) || (atEnd && head.HasEnd))
        {
            // What an anchor sees across a part depends on whether that part is empty.
            var headAtEnd = Compile(head, atStart, atEnd);
            var restAtStart = Compile(parts, first + 1, atStart, atEnd, known);
            result = builder.Or(
                builder.Concat(builder.NotEmpty(inside), builder.NotEmpty(rest)),
                builder.IsNullable(inside) ? builder.NotEmpty(restAtStart) : Regex.Nothing,
                builder.IsNullable(rest) ? builder.NotEmpty(headAtEnd) : Regex.Nothing,
                builder.IsNullable(headAtEnd) && builder.IsNullable(restAtStart) ? Regex.Empty : Regex.Nothing);
        }
        else
        {
            result = builder.Concat(inside, rest);
        }

        known.Add((first, atStart), result);
        return result;
    }

    private Regex Compile(RegexTree.Repeated repeated, bool atStart, bool atEnd)
    {
        var body = repeated.Body;
        if (!body.HasStart && !body.HasEnd) return builder.Repeat(Compile(body, false, false), repeated.Min, repeated.Max);
        var once = Compile(body, atStart, atEnd);
        var canBeEmpty = repeated.Min == 0 || builder.IsNullable(once) ? Regex.Empty : Regex.Nothing;
        if (repeated.Max == 1) return builder.Or(once, canBeEmpty);

        // Any number of times: the first sees the start, the last the end, those between neither; empty ones change nothing.
        var several = builder.Concat(
            builder.NotEmpty(Compile(body, atStart, false)),
            builder.Star(builder.NotEmpty(Compile(body, false, false))),
            builder.NotEmpty(Compile(body, false, atEnd)));
        return builder.Or(builder.NotEmpty(once), several, canBeEmpty);
    }
}
