namespace ArchGen.Tokenizers.PreTokenization;

/// <summary>A step of pre-tokenization: cuts every piece of a text further.</summary>
internal interface ISplitStep
{
    /// <param name="ends">The ends of the pieces so far, ascending, in code points.</param>
    /// <param name="result">Receives where the smaller pieces end.</param>
    void Split(CodePoints text, List<int> ends, List<int> result);
}

/// <summary>
/// A regular expression over code points that cuts a text into its matches and the text between them. Alternatives are tried in order, as published
/// tokenizers expect. Written for the patterns of tokenizers: quantified groups must be possessive, so backtracking happens only within runs of a class,
/// and each run stores the positions at which it failed, which keeps matching linear.
/// </summary>
internal sealed class SplitPattern : ISplitStep
{
    private readonly PatternNode.Group _root;
    private readonly uint[] _candidates; // per kind: the alternatives that can begin with it, as bits
    private readonly int _memories;

    public SplitPattern(string pattern)
    {
        (_root, _memories) = PatternParser.Parse(pattern);
        _candidates = new uint[CodePointKind.Count];
        for (var i = 0; i < _root.Alternatives.Length; i++)
        {
            for (var kind = 0; kind < _candidates.Length; kind++)
            {
                if (PatternNode.CanBegin(_root.Alternatives[i], kind)) _candidates[kind] |= 1u << i;
            }
        }
    }

    public void Split(CodePoints text, List<int> ends, List<int> result)
    {
        Span<Memory> memories = stackalloc Memory[_memories];
        Matcher matcher = new(text, memories);
        var gap = 0;
        foreach (var end in ends)
        {
            matcher.End = end;
            for (var position = gap; position < end;)
            {
                var matchEnd = Match(ref matcher, position);
                if (matchEnd <= position)
                {
                    position++;
                    continue;
                }

                if (gap < position) result.Add(position);
                result.Add(matchEnd);
                gap = position = matchEnd;
            }

            if (gap < end) result.Add(end);
            gap = end;
        }
    }

    private int Match(ref Matcher matcher, int position)
    {
        for (var candidates = _candidates[matcher.Kinds[position]]; candidates != 0; candidates &= candidates - 1)
        {
            var alternative = _root.Alternatives[System.Numerics.BitOperations.TrailingZeroCount(candidates)];
            if (matcher.Match(alternative, position) is >= 0 and var end) return end;
        }

        return -1;
    }

    /// <summary>The last run of a class at one place of the pattern, and from where on what follows in the pattern is known not to match.</summary>
    private record struct Memory(int Start, int End, int FailsFrom);

    private ref struct Matcher(CodePoints text, Span<Memory> memories)
    {
        public readonly ReadOnlySpan<byte> Kinds = text.Kinds;
        private readonly ReadOnlySpan<int> _values = text.Values;
        private readonly Span<Memory> _memories = memories;

        /// <summary>The end of the piece that is being cut.</summary>
        public int End;

        /// <summary>The end of a match of the nodes that begins at a position, or -1.</summary>
        public readonly int Match(ReadOnlySpan<PatternNode> nodes, int position)
        {
            for (var i = 0; i < nodes.Length; i++)
            {
                switch (nodes[i])
                {
                    case PatternNode.Run run when run.Memory >= 0:
                        return MatchRun(run, nodes[(i + 1)..], position);
                    case PatternNode.Run run:
                        var end = RunEnd(run, position);
                        if (end - position < run.Min) return -1;
                        if (run.Min == run.Max || i == nodes.Length - 1 || end - position == run.Min)
                        {
                            position = end;
                            break;
                        }

                        return Backtrack(nodes[(i + 1)..], position + run.Min, end);
                    case PatternNode.Group group:
                        if (!Repeat(group, ref position)) return -1;
                        break;
                    case PatternNode.LookAhead lookAhead:
                        if (MatchAny(lookAhead.Alternatives, position) >= 0 == lookAhead.Negative) return -1;
                        break;
                    case PatternNode.AtEnd:
                        if (position != End) return -1;
                        break;
                }
            }

            return position;
        }

        private readonly int MatchRun(PatternNode.Run run, ReadOnlySpan<PatternNode> rest, int position)
        {
            ref var memory = ref _memories[run.Memory];
            if (position < memory.Start || position >= memory.End)
            {
                var end = RunEnd(run, position);
                if (end - position < run.Min) return -1;
                if (end == position) return Match(rest, position);
                memory = new(position, end, int.MaxValue);
            }

            var matchEnd = Backtrack(rest, position + run.Min, Math.Min(memory.End, memory.FailsFrom - 1));
            if (matchEnd < 0) memory.FailsFrom = Math.Min(memory.FailsFrom, position + run.Min);
            return matchEnd;
        }

        private readonly int Backtrack(ReadOnlySpan<PatternNode> rest, int first, int last)
        {
            for (var position = last; position >= first; position--)
            {
                if (Match(rest, position) is >= 0 and var end) return end;
            }

            return -1;
        }

        private readonly int RunEnd(PatternNode.Run run, int position)
        {
            var end = run.Max < End - position ? position + run.Max : End;
            if (run.Class.NeedsValue)
            {
                while (position < end && run.Class.Contains(Kinds[position], _values[position])) position++;
            }
            else
            {
                var members = run.Class.Kinds;
                while (position < end && members[Kinds[position]]) position++;
            }

            return position;
        }

        private readonly bool Repeat(PatternNode.Group group, ref int position)
        {
            for (var count = 0; count < group.Max; count++)
            {
                var end = MatchAny(group.Alternatives, position);
                if (end < 0) return count >= group.Min;
                position = end;
            }

            return true;
        }

        private readonly int MatchAny(PatternNode[][] alternatives, int position)
        {
            foreach (var alternative in alternatives)
            {
                if (Match(alternative, position) is >= 0 and var end) return end;
            }

            return -1;
        }
    }
}
