using System.Text.Json;
using ArchGen.Chat.Formats;

namespace ArchGen.Chat.Probing;

/// <summary>Reads from a JSON object which of its properties is a call's name, id and arguments.</summary>
internal static class JsonCallProbe
{
    /// <summary>What the object consists of; null if it is not the call.</summary>
    /// <param name="value">The object.</param>
    /// <param name="call">The number of the call.</param>
    public static JsonCall? Syntax(JsonElement value, int call)
    {
        if (value.ValueKind != JsonValueKind.Object) return null;
        if (Flat(value, call) is { } flat) return flat;
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Object || Flat(property.Value, call) is not { } inner || inner.NameKey is null) continue;
            var outer = value.EnumerateObject().Where(other => other.Name != property.Name).ToList();
            var id = outer.FirstOrDefault(other => IsId(other, call)).Name;
            return inner with { WrapperKey = property.Name, IdKey = inner.IdKey ?? id, Fixed = [.. outer.Where(other => other.Name != id).Select(Pair)] };
        }

        return null;
    }

    private static JsonCall? Flat(JsonElement value, int call)
    {
        string? nameKey = null, argumentsKey = null, idKey = null;
        var others = new List<KeyValuePair<string, string>>();
        foreach (var property in value.EnumerateObject())
        {
            if (property.Name == ProbeMessages.Names[call] && FoundCall.HasArguments(property.Value)) return new JsonCall(null, "", null, null);
            if (property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() == ProbeMessages.Names[call]) nameKey = property.Name;
            else if (FoundCall.HasArguments(property.Value)) argumentsKey = property.Name;
            else if (IsId(property, call)) idKey = property.Name;
            else others.Add(Pair(property));
        }

        return nameKey is null || argumentsKey is null ? null : new JsonCall(nameKey, argumentsKey, idKey, null) { Fixed = others };
    }

    // Some templates write the number of the call in place of its id.
    private static bool IsId(JsonProperty property, int call) =>
        property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number
        && (property.Value.ToString() == ProbeMessages.Ids[call] || property.Name.EndsWith("id", StringComparison.OrdinalIgnoreCase));

    private static KeyValuePair<string, string> Pair(JsonProperty property) => new(property.Name, property.Value.GetRawText());
}
