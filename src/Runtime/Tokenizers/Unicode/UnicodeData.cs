namespace ArchGen.Tokenizers.Unicode;

/// <summary>Reads the tables of the Unicode character database that .NET leaves out in invariant globalization.</summary>
internal static class UnicodeData
{
    /// <summary>The lines of an embedded table, each split at its spaces.</summary>
    public static IEnumerable<string[]> Rows(string name)
    {
        using var stream = typeof(UnicodeData).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The table {name} is not part of the assembly.");
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line) yield return line.Split(' ');
    }

    public static int CodePoint(string hexadecimal) => int.Parse(hexadecimal, System.Globalization.NumberStyles.AllowHexSpecifier, null);
}
