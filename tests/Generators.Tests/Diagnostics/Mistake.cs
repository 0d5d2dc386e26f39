namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>
/// A mistake in <see cref="TinyArchitecture"/>: the text that is right, what stands there instead, with the place of the report between <c>[|</c> and
/// <c>|]</c>,
/// and what is reported.
/// </summary>
public sealed class Mistake
{
    public required string Id { get; init; }

    public required string Right { get; init; }

    public required string Wrong { get; init; }

    public required string Message { get; init; }

    /// <summary>Where the report is, with its surroundings, if not in <see cref="Wrong"/>.</summary>
    public string? At { get; init; }

    /// <summary>An edit that makes room for the mistake, and is none itself.</summary>
    public (string Text, string Replacement)? Setup { get; init; }

    /// <summary>Whether it is none of the architecture's own: that is emitted all the same.</summary>
    public bool SparesTiny { get; init; }

    /// <summary>What C# itself has to say about it, generator or not.</summary>
    public string[] Compiler { get; init; } = [];

    public string RightSource => Setup is var (text, replacement) ? TinyArchitecture.With(text, replacement) : TinyArchitecture.Source;

    public string WrongSource => Unmarked(Marked);

    /// <summary>The place of the report in <see cref="WrongSource"/>.</summary>
    public (int Start, int Length) Place
    {
        get
        {
            var start = Marked.IndexOf("[|", StringComparison.Ordinal);
            return (start, Marked.IndexOf("|]", StringComparison.Ordinal) - start - 2);
        }
    }

    private string Marked => At is null ? TinyArchitecture.Replace(RightSource, Right, Wrong)
        : TinyArchitecture.Replace(TinyArchitecture.Replace(RightSource, Right, Wrong), Unmarked(At), At);

    private static string Unmarked(string text) => text.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);

    public override string ToString() => $"{Id}: {(Wrong.Length > 0 ? Wrong : "without " + Right).ReplaceLineEndings(" ")}";
}
