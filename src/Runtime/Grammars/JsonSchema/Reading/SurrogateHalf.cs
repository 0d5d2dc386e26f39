using System.Globalization;

namespace ArchGen.Grammars.JsonSchema.Reading;

/// <summary>Escapes of JSON that are half of a surrogate pair. They are no character, and no text can be compared with them.</summary>
internal static class SurrogateHalf
{
    /// <summary>The first such escape in a JSON text; null if there is none.</summary>
    public static string? Find(string json)
    {
        for (var i = json.IndexOf('\\', StringComparison.Ordinal); i >= 0 && i + 1 < json.Length; i = json.IndexOf('\\', i))
        {
            var unit = Unit(json, i);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(Unit(json, i + 6))) i += 12;
            else if (char.IsSurrogate(unit)) return json.Substring(i, 6);
            else i += 2;
            if (i >= json.Length) break;
        }

        return null;
    }

    /// <summary>The UTF-16 unit of an escape; 0 if there is another or none.</summary>
    private static char Unit(string json, int at)
    {
        if (at + 6 > json.Length || json[at] != '\\' || json[at + 1] != 'u') return '\0';
        return ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : '\0';
    }
}
