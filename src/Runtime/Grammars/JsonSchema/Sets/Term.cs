namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>What a value must satisfy, by its number in <see cref="TermTable"/>. Equal numbers are equal conditions.</summary>
internal readonly record struct Term(int Id)
{
    /// <summary>No value satisfies it.</summary>
    public static Term Never => new(0);

    /// <summary>Every value satisfies it.</summary>
    public static Term Any => new(1);

    public bool IsNever => Id == 0;

    public bool IsAny => Id == 1;
}
