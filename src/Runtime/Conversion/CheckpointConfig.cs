using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using ArchGen.Files;

namespace ArchGen.Conversion;

/// <summary>A checkpoint's config.json, which keeps account of what was read of it.</summary>
/// <param name="root">The file's object.</param>
/// <param name="place">The file, for messages.</param>
public sealed class CheckpointConfig(JsonElement root, string place)
{
    private const string RopeParameters = "rope_parameters", FullAttention = "full_attention";

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>The file, for messages.</summary>
    public string Place { get; } = place;

    /// <summary>The classes of transformers that the checkpoint names, the first one first.</summary>
    public string? Class => Find("architectures")?.ItemsOrNone().FirstOrDefault().TextOrNull();

    /// <summary>
    /// The parameters of rotary embeddings: <c>rope_parameters</c> as transformers 5 has them (those of full attention, where there are several),
    /// or <c>rope_scaling</c> as before.
    /// </summary>
    public string? RopeScope =>
        Has(RopeParameters + "." + FullAttention) ? RopeParameters + "." + FullAttention : Has(RopeParameters) ? RopeParameters : Has("rope_scaling") ? "rope_scaling" : null;

    /// <summary>The value of a key or path, or null if it is not there or is null. What transformers 5 moved to the rotary parameters is found there too.</summary>
    public JsonElement? Find(string path)
    {
        if (Walk(path) is { } found) return found;
        return RopeScope is { } scope && path is "rope_theta" or "partial_rotary_factor" ? Walk(scope + "." + path) : null;
    }

    /// <summary>The keys, as paths to what is no object, that were not read and have a value, with that value.</summary>
    public IReadOnlyList<(string Path, string Value)> Unread() => [.. Leaves(root, "").Where(leaf => !_read.Any(read => leaf.Path == read || leaf.Path.StartsWith(read + ".", StringComparison.Ordinal)))];

    /// <summary>Counts the keys of a pattern as read.</summary>
    public void Ignore(string pattern)
    {
        foreach (var (path, _) in Leaves(root, "").Where(leaf => FileSystemName.MatchesSimpleExpression(pattern, leaf.Path, ignoreCase: false) || leaf.Path.StartsWith(pattern + ".", StringComparison.Ordinal)).ToList()) _read.Add(path);
    }

    /// <summary>An error about a key.</summary>
    public ArchGenException Error(string path, string problem) => new($"{Place}: {path} {problem}.");

    private bool Has(string path) => Peek(path) is { ValueKind: JsonValueKind.Object };

    private JsonElement? Walk(string path)
    {
        if (Peek(path) is not { } found) return null;
        _read.Add(path);
        return found.ValueKind == JsonValueKind.Null ? null : found;
    }

    private JsonElement? Peek(string path)
    {
        var element = root;
        foreach (var part in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element)) return null;
        }

        return element;
    }

    private static IEnumerable<(string Path, string Value)> Leaves(JsonElement element, string prefix)
    {
        foreach (var property in element.EnumerateObject())
        {
            var path = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Null) continue;
            if (property.Value.ValueKind != JsonValueKind.Object) yield return (path, Text(property.Value));
            else foreach (var leaf in Leaves(property.Value, path + ".")) yield return leaf;
        }
    }

    /// <summary>A value as it stands in the file, shortened.</summary>
    public static string Text(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length > 60 ? string.Create(CultureInfo.InvariantCulture, $"{text[..60]}... ({text.Length} characters)") : text;
    }
}
