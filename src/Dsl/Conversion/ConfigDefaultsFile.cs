namespace ArchGen;

/// <summary>The defaults of transformers' config classes: <c>config-defaults.txt</c>.</summary>
internal static class ConfigDefaultsFile
{
    private static readonly Lazy<IReadOnlyList<ConfigDefaults>> Groups = new(Read);

    /// <summary>All groups, in the order of the file.</summary>
    public static IReadOnlyList<ConfigDefaults> All => Groups.Value;

    /// <summary>Those of the classes of an architecture.</summary>
    public static IReadOnlyList<ConfigDefaults> Of(IReadOnlyList<string> classes) => [.. All.Where(g => g.Classes.Any(classes.Contains))];

    private static List<ConfigDefaults> Read()
    {
        using var stream = typeof(ConfigDefaultsFile).Assembly.GetManifestResourceStream("ArchGen.config-defaults.txt")
            ?? throw new InvalidOperationException("config-defaults.txt is not in the assembly.");
        using var reader = new StreamReader(stream);
        var groups = new List<ConfigDefaults>();
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0] == "#") continue;
            if (line[0] != ' ')
            {
                var with = Array.IndexOf(words, "with");
                groups.Add(new ConfigDefaults(with < 0 ? words : words[..with], with < 0 ? null : words[with + 1], []));
                continue;
            }

            var values = words.Select(w => w.Split('=', 2)).Select(pair => (pair[0], pair[1]));
            groups[^1] = groups[^1] with { Values = [.. groups[^1].Values, .. values] };
        }

        return groups;
    }
}
