using System.Text.Json;
using System.Text.Json.Nodes;

namespace ArchGen.Chat.Constraints;

/// <summary>
/// A schema as callers mean it: objects have the properties that it names and no others, as OpenAI's strict mode has it. By the
/// letter of JSON Schema further ones were allowed, and small models would invent some.
/// </summary>
internal static class ClosedSchema
{
    private const int MaxDepth = 32;

    // With these, other parts of the schema name properties, too.
    private static readonly string[] Open = ["additionalProperties", "unevaluatedProperties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref", "if"];

    /// <summary>The closed schema of a tool's arguments.</summary>
    /// <param name="schema">The schema; anything but an object stands for any arguments.</param>
    public static JsonElement Of(JsonElement schema)
    {
        var json = schema.ValueKind == JsonValueKind.Object ? JsonNode.Parse(schema.GetRawText())!.AsObject() : [];
        if (!json.ContainsKey("type") && !json.ContainsKey("$ref")) json["type"] = "object";
        return Closed(json);
    }

    /// <summary>A schema whose objects have the properties that it names and no others; it need not be of an object.</summary>
    public static JsonElement OfAnswer(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object ? Closed(JsonNode.Parse(schema.GetRawText())!.AsObject()) : schema;

    private static JsonElement Closed(JsonObject schema)
    {
        Close(schema, 0);
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }

    private static void Close(JsonObject schema, int depth)
    {
        if (depth == MaxDepth) return;
        if (schema["items"] is JsonObject items) Close(items, depth + 1);
        if (schema["properties"] is not JsonObject properties) return;
        foreach (var (_, property) in properties)
        {
            if (property is JsonObject inner) Close(inner, depth + 1);
        }

        if (!Open.Any(schema.ContainsKey)) schema["additionalProperties"] = false;
    }
}
