using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// A value of a JSON file. A missing value is one that does not exist; a value of another type than the reader needs is an error that names its place.
/// </summary>
internal readonly struct JsonValue(JsonElement element, string file, string place)
{
    /// <summary>The path of the file, for messages.</summary>
    public string File => file;

    /// <summary>Whether the file has the value; false for null.</summary>
    public bool Exists => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public bool IsText => element.ValueKind == JsonValueKind.String;

    public bool IsList => element.ValueKind == JsonValueKind.Array;

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public bool IsTrue => element.ValueKind == JsonValueKind.True;

    /// <summary>The value as the file has it.</summary>
    public string Raw => element.ValueKind == JsonValueKind.Undefined ? "null" : element.GetRawText();

    /// <summary>A property of an object; one that does not exist if there is none, or this is no object.</summary>
    public JsonValue this[string key] =>
        new(IsObject && element.TryGetProperty(key, out var value) ? value : default, file, place.Length == 0 ? key : $"{place}.{key}");

    public string Text => IsText ? element.GetString()! : throw Fault("a text");

    public string? TextOrNull => Exists ? Text : null;

    public int Integer => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) ? value : throw Fault("a whole number of 32 bits");

    public int? IntegerIfAny => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) ? value : null;

    public double Number => element.ValueKind == JsonValueKind.Number && element.GetDouble() is var value && double.IsFinite(value)
        ? value
        : throw Fault("a number");

    public bool? Flag => element.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    /// <summary>The number of elements of a list.</summary>
    public int Count => IsList ? element.GetArrayLength() : throw Fault("a list");

    public IEnumerable<JsonValue> Items
    {
        get
        {
            if (!IsList) throw Fault("a list");
            return Enumerate(element, file, $"an element of {place}");
        }
    }

    public IEnumerable<KeyValuePair<string, JsonValue>> Properties
    {
        get
        {
            if (!IsObject) throw Fault("an object");
            return EnumerateProperties(element, file, $"an entry of {place}");
        }
    }

    /// <summary>The object in a file of a folder; one that does not exist if there is no such file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="isVocabulary">Whether its texts are tokens, so that half a character is an error.</param>
    /// <exception cref="ModelFileException">The file cannot be read, is too large or is not a JSON object.</exception>
    public static JsonValue ReadFile(string folder, string name, bool isVocabulary = false)
    {
        var path = Path.Combine(folder, name);
        return new JsonValue(System.IO.File.Exists(path) ? JsonFile.ReadObject(path, keepsCharacters: isVocabulary) : default, path, "");
    }

    /// <summary>An error about this value.</summary>
    public ModelFileException Fault(string expected) => new(
        $"{file}: {(place.Length == 0 ? "the file" : place)} is {(Exists ? MessageText.Quote(element.GetRawText()) : "missing")}, expected {expected}. "
        + "Download the file again, or correct it.");

    private static IEnumerable<JsonValue> Enumerate(JsonElement list, string file, string place)
    {
        foreach (var item in list.EnumerateArray()) yield return new JsonValue(item, file, place);
    }

    private static IEnumerable<KeyValuePair<string, JsonValue>> EnumerateProperties(JsonElement list, string file, string place)
    {
        foreach (var item in list.EnumerateObject()) yield return new(item.Name, new JsonValue(item.Value, file, place));
    }
}
