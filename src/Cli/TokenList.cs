using System.Globalization;
using System.Text.Json;
using ArchGen.Files;
using ArchGen.Generation;

namespace ArchGen.Cli;

/// <summary>Token ids and texts as they stand on the command line and in JSON files.</summary>
internal static class TokenList
{
    /// <summary>Reads <c>1,2,3</c>.</summary>
    public static int[] Parse(string text, string option)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(parts, part => int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new ArchGenException($"{option}: '{part}' is not a token id. Give whole numbers with commas between them."));
    }

    /// <summary>Reads a JSON array of token ids.</summary>
    public static int[] ReadFile(string path) => Elements(path, "token ids").Select((e, i) => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var id)
        ? id
        : throw new ArchGenException($"{path}: element {i} is {(e.ValueKind == JsonValueKind.Number ? e.GetRawText() : JsonFile.Kind(e))}, expected a token id.")).ToArray();

    /// <summary>Reads a JSON array of strings.</summary>
    public static string[] ReadTexts(string path) => Elements(path, "strings").Select((e, i) => e.ValueKind == JsonValueKind.String
        ? e.GetString()!
        : throw new ArchGenException($"{path}: element {i} is {JsonFile.Kind(e)}, expected a string.")).ToArray();

    /// <summary>Reads a JSON array of strings and of pairs of strings.</summary>
    public static (string Text, string? Second)[] ReadTextsOrPairs(string path) => Elements(path, "strings").Select((e, i) => e.ValueKind switch
    {
        JsonValueKind.String => (e.GetString()!, (string?)null),
        JsonValueKind.Array when e.GetArrayLength() == 2 && e.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) =>
            (e[0].GetString()!, e[1].GetString()),
        _ => throw new ArchGenException($"{path}: element {i} is {JsonFile.Kind(e)}, expected a string, or a pair of strings."),
    }).ToArray();

    /// <summary>Demands that the model has all of these tokens.</summary>
    public static void Check(LoadedModel model, IEnumerable<int> ids)
    {
        foreach (var id in ids)
        {
            if (id < 0 || id >= model.Model.Vocab) throw new ArchGenException($"{model.File.Name}: token id {id} is out of range, expected 0 to {model.Model.Vocab - 1}.");
        }
    }


    private static JsonElement.ArrayEnumerator Elements(string path, string what) => JsonFile.Read(path, JsonFile.CorrectIt) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray()
        : throw new ArchGenException($"{path} holds no list, expected an array of {what}. {JsonFile.CorrectIt}");
}
