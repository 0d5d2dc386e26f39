namespace ArchGen;

/// <summary>What the names of one tensor in all layers have in common.</summary>
internal static class NamePattern
{
    private const int Few = 2;

    /// <summary><c>blk.{i}.attn_q.weight</c> of <c>blk.3.attn_q.weight</c>; a number after the layer's is an expert's, <c>{e}</c>.</summary>
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

    /// <summary>Lines about tensors; those that say the same of more than a few layers are one, with their number and the first as an example.</summary>
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
