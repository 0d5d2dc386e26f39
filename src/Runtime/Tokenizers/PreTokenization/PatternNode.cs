namespace ArchGen.Tokenizers.PreTokenization;

/// <summary>A part of a split pattern.</summary>
internal abstract record PatternNode
{
    /// <summary>Code points of one class, as many as there are; gives some back if what follows does not match.</summary>
    /// <param name="Memory">The index of this run's failures in the matcher; -1 if it stores none.</param>
    public sealed record Run(CharacterClass Class, int Min, int Max, int Memory) : PatternNode;

    /// <summary>Alternatives in order, repeated without giving anything back.</summary>
    public sealed record Group(PatternNode[][] Alternatives, int Min, int Max) : PatternNode;

    /// <summary>A look-ahead: it must, or must not, match.</summary>
    public sealed record LookAhead(PatternNode[][] Alternatives, bool Negative) : PatternNode;

    /// <summary>The end of the piece that is being cut.</summary>
    public sealed record AtEnd : PatternNode;

    /// <summary>Whether a match of the nodes may begin with a code point of that kind.</summary>
    public static bool CanBegin(ReadOnlySpan<PatternNode> nodes, int kind)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case Run run:
                    if (run.Class.MayContain(kind)) return true;
                    if (run.Min > 0) return false;
                    break;
                case Group group:
                    if (group.Alternatives.Any(alternative => CanBegin(alternative, kind))) return true;
                    if (group.Min > 0) return false;
                    break;
            }
        }

        return true;
    }
}
