using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>
/// Validates documents against the keywords that the random schemas have, as the specification says it, keyword by keyword. It shares nothing with the
/// compiler.
/// </summary>
internal sealed class SmallValidator(JsonElement root)
{
    public bool IsValid(JsonElement value) => IsValid(root, value);

    private bool IsValid(JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return schema.ValueKind == JsonValueKind.True;
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Holds(schema, keyword.Name, keyword.Value, value)) return false;
        }

        return true;
    }

    private bool Holds(JsonElement schema, string name, JsonElement argument, JsonElement value) =>
        Applicator(schema, name, argument, value) && Scalar(name, argument, value)
        && Array(schema, name, argument, value) && Object(schema, name, argument, value);

    private bool Applicator(JsonElement schema, string name, JsonElement argument, JsonElement value) => name switch
    {
        "$ref" => IsValid(root.GetProperty("$defs").GetProperty(argument.GetString()!["#/$defs/".Length..]), value),
        "allOf" => argument.EnumerateArray().All(part => IsValid(part, value)),
        "anyOf" => argument.EnumerateArray().Any(part => IsValid(part, value)),
        "oneOf" => argument.EnumerateArray().Count(part => IsValid(part, value)) == 1,
        "not" => !IsValid(argument, value),
        "if" => !schema.TryGetProperty(IsValid(argument, value) ? "then" : "else", out var branch) || IsValid(branch, value),
        _ => true,
    };

    private static bool Scalar(string name, JsonElement argument, JsonElement value)
    {
        var isNumber = value.ValueKind == JsonValueKind.Number;
        var isText = value.ValueKind == JsonValueKind.String;
        return name switch
        {
            "type" when argument.ValueKind == JsonValueKind.Array => argument.EnumerateArray().Any(type => Is(type.GetString()!, value)),
            "type" => Is(argument.GetString()!, value),
            "const" => Same(argument, value),
            "enum" => argument.EnumerateArray().Any(item => Same(item, value)),
            "minimum" => !isNumber || value.GetDecimal() >= argument.GetDecimal(),
            "maximum" => !isNumber || value.GetDecimal() <= argument.GetDecimal(),
            "exclusiveMinimum" => !isNumber || value.GetDecimal() > argument.GetDecimal(),
            "exclusiveMaximum" => !isNumber || value.GetDecimal() < argument.GetDecimal(),
            "multipleOf" => !isNumber || value.GetDecimal() % argument.GetDecimal() == 0,
            "minLength" => !isText || value.GetString()!.EnumerateRunes().Count() >= argument.GetInt32(),
            "maxLength" => !isText || value.GetString()!.EnumerateRunes().Count() <= argument.GetInt32(),
            "pattern" => !isText || Regex.IsMatch(value.GetString()!, argument.GetString()!),
            _ => true,
        };
    }

    private bool Array(JsonElement schema, string name, JsonElement argument, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) return true;
        var items = value.EnumerateArray().ToArray();
        var prefix = schema.TryGetProperty("prefixItems", out var first) ? first.GetArrayLength() : 0;
        switch (name)
        {
            case "prefixItems":
                return items.Take(prefix).Index().All(item => IsValid(argument[item.Index], item.Item));
            case "items":
                return items.Skip(prefix).All(item => IsValid(argument, item));
            case "minItems":
                return items.Length >= argument.GetInt32();
            case "maxItems":
                return items.Length <= argument.GetInt32();
            case "contains":
                var count = items.Count(item => IsValid(argument, item));
                var min = schema.TryGetProperty("minContains", out var least) ? least.GetInt32() : 1;
                return count >= min && (!schema.TryGetProperty("maxContains", out var most) || count <= most.GetInt32());
            default:
                return true;
        }
    }

    private bool Object(JsonElement schema, string name, JsonElement argument, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return true;
        var members = value.EnumerateObject().ToArray();
        return name switch
        {
            "properties" => members.All(member => !argument.TryGetProperty(member.Name, out var own) || IsValid(own, member.Value)),
            "patternProperties" => argument.EnumerateObject().All(pattern =>
                members.All(member => !Regex.IsMatch(member.Name, pattern.Name) || IsValid(pattern.Value, member.Value))),
            "additionalProperties" => members.Where(member => IsAdditional(schema, member.Name)).All(member => IsValid(argument, member.Value)),
            "propertyNames" => members.All(member => IsValid(argument, SchemaUnderTest.Parse($"\"{member.Name}\""))),
            "required" => argument.EnumerateArray().All(required => value.TryGetProperty(required.GetString()!, out _)),
            "minProperties" => members.Length >= argument.GetInt32(),
            "maxProperties" => members.Length <= argument.GetInt32(),
            "dependentRequired" => argument.EnumerateObject().All(dependency => !value.TryGetProperty(dependency.Name, out _)
                || dependency.Value.EnumerateArray().All(required => value.TryGetProperty(required.GetString()!, out _))),
            "dependentSchemas" => argument.EnumerateObject().All(dependency =>
                !value.TryGetProperty(dependency.Name, out _) || IsValid(dependency.Value, value)),
            _ => true,
        };
    }

    private static bool IsAdditional(JsonElement schema, string name) =>
        !(schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _))
        && !(schema.TryGetProperty("patternProperties", out var patterns) && patterns.EnumerateObject().Any(pattern => Regex.IsMatch(name, pattern.Name)));

    private static bool Is(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDecimal() % 1 == 0,
        "number" => value.ValueKind == JsonValueKind.Number,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };

    private static bool Same(JsonElement left, JsonElement right) => string.Equals(Canonical(left), Canonical(right), StringComparison.Ordinal);

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Concat(
            value.EnumerateObject().OrderBy(part => part.Name, StringComparer.Ordinal).Select(part => $"{part.Name}:{Canonical(part.Value)},")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.Number => (value.GetDecimal() / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
        JsonValueKind.String => new StringBuilder("\"").Append(value.GetString()).Append('"').ToString(),
        _ => value.ValueKind.ToString(),
    };
}
