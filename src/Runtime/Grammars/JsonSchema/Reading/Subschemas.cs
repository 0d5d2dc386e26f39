using System.Globalization;
using System.Text.Json;

namespace ArchGen.Grammars.JsonSchema.Reading;

/// <summary>The places in a schema where there are others.</summary>
internal static class Subschemas
{
    private static readonly HashSet<string> Single = new(StringComparer.Ordinal)
    {
        "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then", "unevaluatedItems",
        "unevaluatedProperties",
    };

    private static readonly HashSet<string> Lists = new(StringComparer.Ordinal) { "allOf", "anyOf", "items", "oneOf", "prefixItems" };

    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal)
    {
        "$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties",
    };

    /// <summary>The schemas directly inside another.</summary>
    public static IEnumerable<SchemaNode> Of(SchemaDocument document, SchemaNode node)
    {
        foreach (var property in node.Element.EnumerateObject())
        {
            var (name, value) = (property.Name, property.Value);
            if (Single.Contains(name) && value.ValueKind == JsonValueKind.Object) yield return document.Child(node, value, name);
            if (Lists.Contains(name) && value.ValueKind == JsonValueKind.Array)
            {
                for (var i = 0; i < value.GetArrayLength(); i++) yield return document.Child(node, value[i], name, i.ToString(CultureInfo.InvariantCulture));
            }

            if (!Maps.Contains(name) || value.ValueKind != JsonValueKind.Object) continue;
            foreach (var inner in value.EnumerateObject()) yield return document.Child(node, inner.Value, name, inner.Name);
        }
    }
}
