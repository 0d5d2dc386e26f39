namespace ArchGen.Grammars.Regexes;

/// <summary>A regular language of byte strings, by its number in the <see cref="RegexBuilder"/> that made it. Equal numbers are equal languages.</summary>
internal readonly record struct Regex(int Id)
{
    /// <summary>The language without any string.</summary>
    public static Regex Nothing => new(0);

    /// <summary>The language of the empty string alone.</summary>
    public static Regex Empty => new(1);

    public bool IsNothing => Id == 0;
}
