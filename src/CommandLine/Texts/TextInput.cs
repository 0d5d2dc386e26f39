using System.CommandLine;
using System.Text;
using System.Text.Json;
using ArchGen.CommandLine.Options;
using ArchGen.Gguf.Files;

namespace ArchGen.CommandLine.Texts;

/// <summary>The texts of a command: words of the command line, a file or standard input; one per line, or a JSON array.</summary>
/// <param name="name">The name of a word in the help, in upper case.</param>
/// <param name="description">The description of a word.</param>
/// <param name="json">The elements that a JSON array may have.</param>
internal sealed class TextInput(string name, string description, string json)
{
    private readonly Argument<string[]> _words = new(name)
    {
        Description = $"{description}; several are worked through one by one.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _file = new("--file", "-f", "--input", "-i")
    {
        Description = $"A file with one a line, or a JSON array of {json}. - is standard input, which is read where neither words nor a file are given.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _format =
        new Option<string?>("--input-format") { Description = "Default: json if the file's name ends in .json, else lines." }
        .OneOf("lines", "json");

    public IEnumerable<Symbol> All => [_words, _file, _format];

    /// <summary>The model and its texts.</summary>
    /// <exception cref="ArchGenException">Either is missing, or a file cannot be read.</exception>
    public (string Model, TextInputs Inputs) Read(ParseResult parsed, ModelChoice model, Terminal terminal)
    {
        var (path, words) = model.PathAndWords(parsed, _words);
        var file = parsed.GetValue(_file);
        if (words is [Terminal.Standard] && file is null) (words, file) = ([], Terminal.Standard);
        if (words.Length > 0)
        {
            return file is null ? (path, new TextInputs("The command line", words, null))
                : throw new RequestException($"There are words, '{words[0]}', and a file, {file}. Give one of them.");
        }

        if (file is null && !terminal.IsInputGiven)
            throw new RequestException($"There is nothing to read. Give {name}, or a file with -f FILE, or write to standard input.");
        return (path, FromFile(file ?? Terminal.Standard, parsed.GetValue(_format), terminal));
    }

    private static TextInputs FromFile(string file, string? format, Terminal terminal)
    {
        var bytes = terminal.ReadBytes(file, "texts");
        var shown = file == Terminal.Standard ? "Standard input" : file;
        var isJson = format is null ? file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) : format == "json";
        if (isJson) return new TextInputs(shown, null, JsonFile.Parse(bytes, shown, JsonFile.CorrectIt));
        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        if (text.EndsWith('\n')) text = text[..^1];
        return new TextInputs(shown, text.Length == 0 ? [] : [.. text.Split('\n').Select(line => line.TrimEnd('\r'))], null);
    }
}

/// <summary>The texts as read: lines, or JSON.</summary>
/// <param name="Name">The source, for messages.</param>
/// <param name="Lines">The lines, or null.</param>
/// <param name="Json">The JSON, or null.</param>
internal sealed record TextInputs(string Name, string[]? Lines, JsonElement? Json)
{
    /// <summary>Each line, or the elements of the JSON.</summary>
    public T[] Select<T>(Func<string, T> line, Func<JsonElement, string, T[]> elements) =>
        Json is { } json ? elements(json, Name) : Array.ConvertAll(Lines!, l => line(l));

    /// <summary>The format of a result: the requested one; json for JSON, and for a file of that name; else <paramref name="otherwise"/>.</summary>
    public string Format(string? asked, string? output, string otherwise)
    {
        if (asked is not null) return asked;
        if (output is null or Terminal.Standard) return Json is null ? otherwise : "json";
        return Path.GetExtension(output) switch { ".json" => "json", ".jsonl" => "jsonl", _ => otherwise };
    }
}
