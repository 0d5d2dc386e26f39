namespace ArchGen.Grammars.Parsing;

/// <summary>Compares sets of ways to read a text, given in one order.</summary>
internal sealed class ThreadsComparer : IEqualityComparer<ParserThread[]>, IAlternateEqualityComparer<ReadOnlySpan<ParserThread>, ParserThread[]>
{
    public static ThreadsComparer Instance { get; } = new();

    public static int Compare(ParserThread a, ParserThread b)
    {
        if (a.Row.Id != b.Row.Id) return a.Row.Id.CompareTo(b.Row.Id);
        if (a.Lexer != b.Lexer) return a.Lexer.CompareTo(b.Lexer);
        if (a.IsAtStart != b.IsAtStart) return a.IsAtStart.CompareTo(b.IsAtStart);
        return a.IsAfterIgnored.CompareTo(b.IsAfterIgnored);
    }

    public bool Equals(ParserThread[]? x, ParserThread[]? y) => Equals((ReadOnlySpan<ParserThread>)x, y!);

    public bool Equals(ReadOnlySpan<ParserThread> alternate, ParserThread[] other)
    {
        if (alternate.Length != other.Length) return false;
        for (var i = 0; i < other.Length; i++)
        {
            if (!ReferenceEquals(alternate[i].Row, other[i].Row) || Compare(alternate[i], other[i]) != 0) return false;
        }

        return true;
    }

    public int GetHashCode(ParserThread[] obj) => GetHashCode((ReadOnlySpan<ParserThread>)obj);

    public int GetHashCode(ReadOnlySpan<ParserThread> alternate)
    {
        HashCode hash = default;
        foreach (var thread in alternate)
        {
            hash.Add(thread.Row.Id);
            hash.Add(thread.Lexer);
            hash.Add((thread.IsAtStart ? 1 : 0) + (thread.IsAfterIgnored ? 2 : 0));
        }

        return hash.ToHashCode();
    }

    public ParserThread[] Create(ReadOnlySpan<ParserThread> alternate) => alternate.ToArray();
}
