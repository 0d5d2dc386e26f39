using System.Globalization;
using System.Text.Json;

namespace ArchGen;

/// <summary>The values of keys that config.json omits. Generated from <see cref="ConfigDefaultsAttribute"/>.</summary>
/// <param name="Classes">The classes of transformers that have these defaults; none for all.</param>
/// <param name="With">The key that config.json must have for them to apply, or null.</param>
/// <param name="Values">Keys and values in the form of the attribute.</param>
public sealed record ConfigDefaults(IReadOnlyList<string> Classes, string? With, IReadOnlyList<(string Key, string Value)> Values)
{
    /// <summary>Whether a class has these defaults.</summary>
    public bool HoldsFor(string className) => Classes.Count == 0 || Classes.Contains(className, StringComparer.Ordinal);

    /// <summary>A value as in config.json: a number, true, false, or else a string.</summary>
    public static JsonElement Parse(string value)
    {
        var isPlain = value is "true" or "false" || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        return JsonElement.Parse(isPlain ? value : $"\"{JsonEncodedText.Encode(value)}\"");
    }
}
