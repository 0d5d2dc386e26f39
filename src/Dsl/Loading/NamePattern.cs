namespace ArchGen;

/// <summary>The common pattern of a tensor's names in all layers.</summary>
internal static class NamePattern
{
    private const int Few = 2;

    /// <summary><c>blk.{i}.attn_q.weight</c> of <c>blk.3.attn_q.weight</c>; a second number is that of an expert, <c>{e}</c>.</summary>
    public static string Of(string name)
    {
        var parts = name.Split('.');
        var placeholder = "{i}";
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length == 0 || !parts[i].All(char.IsAsciiDigit)) continue;
            parts[i] = placeholder;
            placeholder = "{e}";
        }

        return string.Join('.', parts);
    }

    /// <summary>Merges lines about tensors that differ only in the layer, if there are more than a few, into one with their number and an example.</summary>
    public static IEnumerable<string> Join(IEnumerable<string> lines) =>
        lines.GroupBy(OfLine, StringComparer.Ordinal).SelectMany(IEnumerable<string> (group) => group.Skip(Few).Any()
            ? [$"{group.Key}; {group.Count()} of these, such as {Example(group.First())}"]
            : group);

    /// <summary>A line with the pattern of each name in it.</summary>
    private static string OfLine(string line) =>
        string.Join(' ', line.Split(' ').Select(word => word.Contains('.', StringComparison.Ordinal) ? Of(word) : word));

    /// <summary>The first name with a number in a line.</summary>
    private static string Example(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries).First(word => Of(word) != word).Trim(':', ';', '(', ')', ',');
}
