using System.Text.Json;
using ArchGen.CommandLine.Options;
using ArchGen.Gguf.Files;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Texts;

/// <summary>Reads token ids and texts from the command line and JSON files.</summary>
internal static class TokenList
{
    private const int SpreadLength = 24;

    /// <summary>Reads <c>1,2,3</c>.</summary>
    /// <param name="text">Ids with commas or spaces between them, with or without brackets around them.</param>
    /// <param name="place">The option or file, for messages.</param>
    public static int[] Parse(string text, string place)
    {
        if (text.StartsWith('[') && text.EndsWith(']')) text = text[1..^1];
        var parts = text.Split([',', ' ', '\t'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(parts, part => NumberOption.TryParse<int>(part, out var id)
            ? id
            : throw new RequestException($"{place}: '{part}' is not a token id. Give whole numbers with commas between them."));
    }

    /// <summary>Reads a file with a JSON array of token ids.</summary>
    public static int[] ReadFile(string path, Terminal terminal) =>
        Ids(JsonFile.Parse(terminal.ReadBytes(path, "a JSON array of token ids"), path, JsonFile.CorrectIt), path);

    /// <summary>The strings of a JSON array.</summary>
    public static string[] Texts(JsonElement json, string name) => [.. Elements(json, name, "strings").Select((e, i) => e.ValueKind == JsonValueKind.String
        ? e.GetString()!
        : throw new RequestException($"{name}: element {i} is {JsonFile.Kind(e)}, expected a string."))];

    /// <summary>The strings, and the pairs of strings, of a JSON array.</summary>
    public static (string Text, string? Second)[] TextsOrPairs(JsonElement json, string name) =>
    [
        .. Elements(json, name, "strings").Select((e, i) => e.ValueKind switch
        {
            JsonValueKind.String => (e.GetString()!, (string?)null),
            JsonValueKind.Array when e.GetArrayLength() == 2 && e.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) =>
                (e[0].GetString()!, e[1].GetString()),
            _ => throw new RequestException($"{name}: element {i} is {JsonFile.Kind(e)}, expected a string, or a pair of strings."),
        }),
    ];

    /// <summary>The lists of token ids of a JSON array; of an array of ids, the one that it is.</summary>
    public static int[][] IdLists(JsonElement json, string name)
    {
        var lists = Elements(json, name, "lists of token ids").ToList();
        return lists.Exists(e => e.ValueKind == JsonValueKind.Array) ? [.. lists.Select((e, i) => Ids(e, $"{name}, element {i}"))] : [Ids(json, name)];
    }

    /// <summary>The default prompt of 24 tokens: ids from all over the vocabulary, since those of one text may reach only a few experts.</summary>
    public static int[] Spread(LoadedModel model) =>
        [.. Enumerable.Range(1, SpreadLength).Select(i => (int)(i * 2654435761L % Math.Max(model.Model.Vocab, 1)))];

    /// <summary>Demands that the model has all of these tokens.</summary>
    public static void Check(LoadedModel model, IEnumerable<int> ids) => Check(ids, model.Model.Vocab, model.File.Name);

    /// <summary>Demands that a vocabulary of this size has all of these tokens.</summary>
    public static void Check(IEnumerable<int> ids, int vocabulary, string name)
    {
        foreach (var id in ids)
        {
            if (id < 0 || id >= vocabulary) throw new RequestException($"{name}: token id {id} is out of range, expected 0 to {vocabulary - 1}.");
        }
    }

    private static int[] Ids(JsonElement json, string name) => [.. Elements(json, name, "token ids").Select((e, i) => Id(e, $"{name}: element {i}"))];

    private static int Id(JsonElement json, string place)
    {
        var isNumber = json.ValueKind == JsonValueKind.Number;
        if (isNumber && json.TryGetInt32(out var id)) return id;
        throw new RequestException($"{place} is {(isNumber ? json.GetRawText() : JsonFile.Kind(json))}, expected a token id.");
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement json, string name, string what) => json.ValueKind == JsonValueKind.Array
        ? json.EnumerateArray()
        : throw new RequestException($"{name} holds no list, expected an array of {what}. {JsonFile.CorrectIt}");
}
