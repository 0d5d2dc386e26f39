namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>The text of a regular expression, read code point by code point.</summary>
internal sealed class PatternReader(string pattern, string source)
{
    private const int MaxNesting = 60;

    private readonly int[] _points = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    private int _depth;

    /// <summary>The index of the next code point.</summary>
    public int Position { get; set; }

    /// <summary>The next code point; -1 at the end.</summary>
    public int Current => Peek(0);

    /// <summary>The code point at a distance from the next one, before it if negative; -1 outside the pattern.</summary>
    public int Peek(int distance) => Position + distance is >= 0 and var at && at < _points.Length ? _points[at] : -1;

    /// <summary>Reads a text if the pattern continues with it.</summary>
    public bool TryTake(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (Peek(i) != text[i]) return false;
        }

        Position += text.Length;
        return true;
    }

    /// <summary>Reads the code points as long as they satisfy a condition.</summary>
    public int[] TakeWhile(Func<int, bool> condition, int max = int.MaxValue)
    {
        var start = Position;
        while (Position - start < max && Current >= 0 && condition(Current)) Position++;
        return _points[start..Position];
    }

    /// <summary>Reads a decimal number of at most 100000; -1 if there is none.</summary>
    public int ReadNumber()
    {
        var number = -1;
        for (; Current is >= '0' and <= '9'; Position++) number = Math.Min(Math.Max(number, 0) * 10 + Current - '0', 100_000);
        return number;
    }

    /// <summary>Begins a nested group or class.</summary>
    /// <exception cref="ModelFileException">The nesting is too deep.</exception>
    public void Enter(string kind)
    {
        if (++_depth > MaxNesting) throw Unsupported($"more than {MaxNesting} nested {kind}");
    }

    /// <summary>Ends a nested group or class.</summary>
    public void Leave() => _depth--;

    /// <summary>The error for a construct that is not supported.</summary>
    public ModelFileException Unsupported(string what) => new(
        $"{source}: the pattern {Gguf.MessageText.Quote(pattern)} has {what} at character {Position}, which is not supported; "
        + "to guess would give wrong tokens.");
}
