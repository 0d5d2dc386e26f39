using System.Text.Json;

namespace ArchGen;

/// <summary>
/// The config.json of a checkpoint, for a hyper-parameter that is more than a key or a product of keys: <c>Hf = nameof(Width)</c> names a static method
/// that takes it and returns the value, or null for none. What a method asks for counts as read, so it asks for all that it may need before it decides.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
/// <example><code>
/// protected static int? Width(Config config) => config.Int32("n_embd") is { } width ? ((8 * width / 3) + 255) / 256 * 256 : null;
/// </code></example>
public abstract class Config
{
    /// <summary>Whether a key or path has a value, of the file or of the class's defaults.</summary>
    public bool Has(string key) => Read(Guard.NotNull(key)) is not null;

    /// <summary>A whole number, or null.</summary>
    /// <exception cref="ModelFileException">The value is something else.</exception>
    public int? Int32(string key) => Value<int>(
        Guard.NotNull(key), "a whole number", e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var n) ? n : null);

    /// <summary>A number, or null.</summary>
    /// <exception cref="ModelFileException">The value is something else.</exception>
    public double? Number(string key) => Value<double>(Guard.NotNull(key), "a number", e => e.ValueKind == JsonValueKind.Number ? e.GetDouble() : null);

    /// <summary>True or false, or null.</summary>
    /// <exception cref="ModelFileException">The value is something else.</exception>
    public bool? Boolean(string key) => Value<bool>(
        Guard.NotNull(key), "true or false", e => e.ValueKind == JsonValueKind.True ? true : e.ValueKind == JsonValueKind.False ? false : null);

    /// <summary>A text, or null.</summary>
    /// <exception cref="ModelFileException">The value is something else.</exception>
    public string? Text(string key) => Read(Guard.NotNull(key)) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Error(key, $"is {value.GetRawText()}, expected a text");

    /// <summary>A list of whole numbers, or null.</summary>
    /// <exception cref="ModelFileException">The value is something else.</exception>
    public IReadOnlyList<int>? Int32s(string key) =>
        List(Guard.NotNull(key), "whole numbers", e => e.TryGetInt32(out var n) ? n : (int?)null, JsonValueKind.Number);

    /// <summary>A list of numbers, or null.</summary>
    /// <exception cref="ModelFileException">The value is something else.</exception>
    public IReadOnlyList<double>? Numbers(string key) => List(Guard.NotNull(key), "numbers", e => (double?)e.GetDouble(), JsonValueKind.Number);

    /// <summary>A list of texts, or null.</summary>
    /// <exception cref="ModelFileException">The value is something else.</exception>
    public IReadOnlyList<string>? Texts(string key) => Elements(Guard.NotNull(key), "texts") is not { } items ? null
        : [.. items.Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw Error(key, "is no list of texts"))];

    /// <summary>
    /// A list of objects, each read as a config of its own, or null. A key in one that is set, to something other than null and false, and that no method
    /// reads is reported.
    /// </summary>
    /// <exception cref="ModelFileException">The value is something else.</exception>
    public IReadOnlyList<Config>? Objects(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Elements(key, "objects") is not { } items) return null;
        NoteObjects(key);
        return [.. items.Select((e, i) => e.ValueKind == JsonValueKind.Object ? new ConfigObject(this, $"{key}[{i}]", e)
            : throw Error(key, "is no list of objects"))];
    }

    /// <summary>The value of each object of a list, one per layer; the one number of all layers if there is no list; null if there is neither.</summary>
    /// <param name="list">The key of the list.</param>
    /// <param name="all">The key of the number.</param>
    /// <param name="value">The value of an object, from it and the number of all, 0 if that is missing.</param>
    /// <exception cref="ModelFileException">The list or the number is something else.</exception>
    public object? PerObject(string list, string all, Func<Config, int, int> value)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(all);
        var number = Int32(all);
        return Objects(list) is { } objects ? objects.Select(o => value(o, number ?? 0)).ToList() : number;
    }

    /// <summary>The value of a key or path; null if there is none.</summary>
    protected abstract JsonElement? Read(string key);

    /// <summary>Notes that a list is read object by object: by its path.</summary>
    internal virtual void NoteObjects(string list)
    {
    }

    /// <summary>Notes that a key in an object of a list is read: by its path, <c>block_configs[3].ffn.width</c>.</summary>
    internal virtual void NoteRead(string path)
    {
    }

    /// <summary>What stands in an object at a path of keys with dots between them; null if nothing does.</summary>
    internal static JsonElement? At(JsonElement element, string path)
    {
        foreach (var part in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element)) return null;
        }

        return element;
    }

    /// <summary>An error about a key: where, and what is wrong.</summary>
    public abstract ModelFileException Error(string path, string problem);

    private T? Value<T>(string key, string expected, Func<JsonElement, T?> read)
        where T : struct
    {
        if (Read(key) is not { } value) return null;
        return read(value) ?? throw Error(key, $"is {value.GetRawText()}, expected {expected}");
    }

    private IReadOnlyList<T>? List<T>(string key, string expected, Func<JsonElement, T?> read, JsonValueKind kind)
        where T : struct => Elements(key, expected) is not { } items ? null
            : [.. items.Select(e => (e.ValueKind == kind ? read(e) : null) ?? throw Error(key, $"is no list of {expected}"))];

    private List<JsonElement>? Elements(string key, string expected) => Read(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Error(key, $"is {value.GetRawText()}, expected a list of {expected}");
}
