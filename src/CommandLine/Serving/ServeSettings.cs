using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;

namespace ArchGen.CommandLine.Serving;

/// <summary>
/// What the command line of <c>archgen serve</c> leaves out may be in the environment or in a file: each option <c>--some-name</c> is also the variable
/// <c>ARCHGEN_SOME_NAME</c>, llama-server's <c>LLAMA_ARG_SOME_NAME</c>, and <c>some-name</c> in the section "ArchGen" of appsettings.json in the current
/// folder. The command line goes before the environment, and that before the file.
/// </summary>
internal static class ServeSettings
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "appsettings.json";

    private const string Section = "ArchGen";

    // Where llama-server's variable is not the name of its option.
    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal)
    {
        ["--api-key"] = "LLAMA_API_KEY",
        ["--batch-size"] = "LLAMA_ARG_BATCH",
        ["--ubatch-size"] = "LLAMA_ARG_UBATCH",
        ["--parallel"] = "LLAMA_ARG_N_PARALLEL",
        ["--metrics"] = "LLAMA_ARG_ENDPOINT_METRICS",
        ["--props"] = "LLAMA_ARG_ENDPOINT_PROPS",
        ["--slots"] = "LLAMA_ARG_ENDPOINT_SLOTS",
        ["--reasoning-format"] = "LLAMA_ARG_THINK",
        ["--reasoning-budget"] = "LLAMA_ARG_THINK_BUDGET",
    };

    /// <summary>The variables of an option, the first of which counts.</summary>
    public static IEnumerable<string> Variables(Option option)
    {
        var names = option.Aliases.Prepend(option.Name).Where(IsLong).ToArray();
        var variables = names.Take(1).Select(name => Variable("ARCHGEN_", name)).Concat(names.Select(name => Variable("LLAMA_ARG_", name)));
        return Irregular.TryGetValue(option.Name, out var other) ? variables.Append(other) : variables;
    }

    /// <summary>The arguments that the environment and the file add to a command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="environment">The value of a variable; null if there is none.</param>
    /// <param name="json">The text of the file; null if there is none.</param>
    /// <exception cref="RequestException">A value is none of its option, or the file has a name that no option has.</exception>
    public static IReadOnlyList<string> Missing(ParseResult parsed, Func<string, string?> environment, string? json)
    {
        var added = new List<string>();
        var file = Read(json);
        var hasModel = parsed.CommandResult.Children.OfType<ArgumentResult>().Any(argument => argument.Tokens.Count > 0);
        foreach (var option in parsed.CommandResult.Command.Options)
        {
            var isGiven = IsGiven(parsed, option) || (option.Name == "--model" && hasModel)
                || parsed.CommandResult.Command.Options.Any(other => AreOpposites(option.Name, other.Name) && IsGiven(parsed, other));
            var inFile = option.Aliases.Prepend(option.Name).Where(IsLong).Select(Key).FirstOrDefault(file.ContainsKey);
            IReadOnlyList<string> values = inFile is null ? [] : file[inFile];
            if (inFile is not null) file.Remove(inFile);
            var source = $"{FileName}: {Section}:{inFile}";
            if (Variables(option).FirstOrDefault(name => !string.IsNullOrEmpty(environment(name))) is { } variable)
                (source, values) = (variable, [environment(variable)!]);
            if (!isGiven) Add(added, parsed.CommandResult.Command, option, source, values);
        }

        return file.Count == 0 ? added : throw new RequestException(
            $"{FileName}: {Section}:{file.Keys.First()} is no option of 'archgen serve'. 'archgen serve --help' shows them.");
    }

    private static void Add(List<string> added, Command command, Option option, string source, IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            if (option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool))
            {
                added.AddRange([option.Name, value]);
                continue;
            }

            switch (value.ToLowerInvariant())
            {
                case "1" or "true" or "on" or "yes" or "enabled": added.Add(option.Name); break;
                case "0" or "false" or "off" or "no" or "disabled":
                    if (command.Options.FirstOrDefault(other => other.Name == $"--no-{Key(option.Name)}") is { } opposite) added.Add(opposite.Name);
                    break;
                default: throw new RequestException($"{source} is '{value}'; expected true or false.");
            }
        }
    }

    private static Dictionary<string, List<string>> Read(string? json)
    {
        var values = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        if (json is null) return values;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(Section, out var section)) return values;
            if (section.ValueKind != JsonValueKind.Object)
                throw new RequestException($"{FileName}: {Section} is no object. Write {{\"{Section}\": {{\"port\": 8080}}}}.");
            foreach (var property in section.EnumerateObject())
            {
                var elements = property.Value.ValueKind == JsonValueKind.Array ? property.Value.EnumerateArray().ToArray() : [property.Value];
                values[property.Name] = [.. elements.Select(element => Text(property.Name, element))];
            }

            return values;
        }
        catch (JsonException error)
        {
            throw new RequestException($"{FileName} is no JSON: {error.Message}", error);
        }
    }

    private static string Text(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new RequestException($"{FileName}: {Section}:{name} is neither a text, a number, true nor false."),
    };

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static bool AreOpposites(string name, string other) => name == $"--no-{Key(other)}" || other == $"--no-{Key(name)}";

    private static bool IsLong(string name) => name.StartsWith("--", StringComparison.Ordinal);

    private static string Key(string name) => name[2..];

    private static string Variable(string prefix, string name) => prefix + Key(name).Replace('-', '_').ToUpperInvariant();
}
