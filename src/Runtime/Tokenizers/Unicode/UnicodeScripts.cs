namespace ArchGen.Tokenizers.Unicode;

/// <summary>The script of a code point (Unicode Standard Annex 24, Scripts.txt); <c>scripts.txt</c> has first, last and name of each range.</summary>
internal static class UnicodeScripts
{
    private static readonly Lazy<(int First, int Last, string Name)[]> Ranges = new(() =>
        [.. UnicodeData.Rows("unicode/scripts.txt").Select(row => (UnicodeData.CodePoint(row[0]), UnicodeData.CodePoint(row[1]), row[2]))]);

    /// <summary>The name of the script, such as <c>Han</c>; null for a code point that has none.</summary>
    public static string? Of(int codePoint)
    {
        var ranges = Ranges.Value;
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint < ranges[middle].First) high = middle - 1;
            else if (codePoint > ranges[middle].Last) low = middle + 1;
            else return ranges[middle].Name;
        }

        return null;
    }

    /// <summary>The name as the table has it, whatever the case of the letters; null if there is no such script.</summary>
    public static string? Find(string name) =>
        Ranges.Value.Select(range => range.Name).FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}
