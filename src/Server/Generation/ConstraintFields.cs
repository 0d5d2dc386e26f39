using System.Text.Json;
using ArchGen.Chat.Constraints;
using ArchGen.Grammars;
using ArchGen.Server.Http;

namespace ArchGen.Server.Generation;

/// <summary>
/// Reads what the text of an answer must be: OpenAI's <c>response_format</c>, llama.cpp's <c>json_schema</c> and <c>grammar</c>, vLLM's
/// <c>structured_outputs</c> and its older <c>guided_*</c>. What cannot be enforced is an error; nothing is left to the model.
/// </summary>
internal static class ConstraintFields
{
    private const int MaxChoices = 10_000;

    /// <summary>
    /// The grammar of the text; null for any text. Objects have the properties that their schema names and no others, as in OpenAI's strict mode.
    /// </summary>
    /// <exception cref="RequestException">A field is wrong, cannot be enforced, or two exclude each other.</exception>
    public static TextGrammar? Read(in JsonFields fields)
    {
        Refuse(fields, "grammar_lazy", "A grammar is enforced from the first token.");
        Refuse(fields, "guided_whitespace_pattern", "White space in JSON is free, within bounds.");
        var found = new List<(string Field, TextGrammar Grammar)>();
        var format = ResponseFormat(fields, fields.Any("json_schema") is null);
        if (format is not null) found.Add(("response_format", format));
        if (fields.Any("json_schema") is { } schema) found.Add(("json_schema", Schema(fields, "json_schema", schema)));
        if (fields.Text("grammar") is { Length: > 0 } grammar) found.Add(("grammar", LlamaGrammar(grammar)));
        if (fields.Object("structured_outputs") is { } structured)
            found.AddRange(Structured(structured, "").Select(each => ($"structured_outputs.{each.Field}", each.Grammar)));
        found.AddRange(Structured(fields, "guided_"));
        if (found.Count > 1)
            throw new RequestException($"'{fields.At(found[0].Field)}' and '{fields.At(found[1].Field)}' exclude each other. Leave one of them out.");
        return found.Count == 0 ? null : found[0].Grammar;
    }

    // llama.cpp lets json_schema say what "json_object" does not.
    private static TextGrammar? ResponseFormat(in JsonFields fields, bool isAlone)
    {
        if (fields.Object("response_format") is not { } format) return null;
        var type = format.Text("type");
        if (type == "json_schema")
        {
            var named = format.Object("json_schema") ?? throw format.Missing("json_schema", "an object with a schema");
            return named.Any("schema") is { } schema ? Schema(named, "schema", schema) : AnyObject();
        }

        return type switch
        {
            null or "text" => null,
            "json_object" when format.Any("schema") is { } schema => Schema(format, "schema", schema),
            "json_object" => isAlone ? AnyObject() : null,
            _ => throw new RequestException($"'{format.At("type")}' is '{type}'; expected text, json_object or json_schema."),
        };
    }

    private static List<(string Field, TextGrammar Grammar)> Structured(in JsonFields fields, string prefix)
    {
        if (prefix.Length == 0)
        {
            foreach (var field in (string[])["structural_tag", "whitespace_pattern", "disable_any_whitespace"])
                Refuse(fields, field, "Use json, json_object, regex, choice or grammar.");
        }

        var found = new List<(string Field, TextGrammar Grammar)>();
        if (fields.Any(prefix + "json") is { } json) found.Add((prefix + "json", SchemaOrText(fields, prefix + "json", json)));
        if (fields.Any(prefix + "json_object") is { ValueKind: JsonValueKind.True }) found.Add((prefix + "json_object", AnyObject()));
        if (fields.Text(prefix + "regex") is { } pattern) found.Add((prefix + "regex", TextGrammar.Regex(pattern)));
        if (fields.Any(prefix + "choice") is not null) found.Add((prefix + "choice", Choices(fields, prefix + "choice")));
        if (fields.Text(prefix + "grammar") is { } grammar)
        {
            // vLLM tells the two notations apart by this sign, too.
            var isGbnf = grammar.Contains("::=", StringComparison.Ordinal);
            found.Add((prefix + "grammar", isGbnf ? TextGrammar.Gbnf(grammar) : TextGrammar.Lark(grammar)));
        }

        if (found.Count == 0 && prefix.Length == 0)
            throw new RequestException($"'{fields.Path}' says nothing about the answer; expected one of json, json_object, regex, choice and grammar.");
        return found;
    }

    private static TextGrammar Choices(in JsonFields fields, string name)
    {
        if (fields.Any(name) is { ValueKind: not JsonValueKind.Array } value) throw fields.Wrong(name, value, "an array of strings");
        var choices = fields.Texts(name)!;
        if (choices.Count is 0 or > MaxChoices)
            throw new RequestException($"'{fields.At(name)}' has {choices.Count} texts; expected 1 to {MaxChoices}.");
        return TextGrammar.Choices(choices);
    }

    // vLLM takes a schema as text, too.
    private static TextGrammar SchemaOrText(in JsonFields fields, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return Schema(fields, name, value);
        try
        {
            using var document = JsonDocument.Parse(value.GetString()!);
            return Schema(fields, name, document.RootElement);
        }
        catch (JsonException error)
        {
            throw new RequestException($"'{fields.At(name)}' is no JSON: {error.Message}", error);
        }
    }

    private static TextGrammar Schema(in JsonFields fields, string name, JsonElement value) =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False ? TextGrammar.JsonSchema(ClosedSchema.OfAnswer(value))
            : throw fields.Wrong(name, value, "a JSON schema, which is an object");

    /// <summary>The grammar of a field <c>schema</c> that must be there.</summary>
    /// <exception cref="RequestException">It is missing or no schema.</exception>
    public static TextGrammar RequiredSchema(in JsonFields format) =>
        TextGrammar.JsonSchema(ClosedSchema.OfAnswer((format.Object("schema") ?? throw format.Missing("schema", "a JSON schema")).Element));

    /// <summary>Any JSON object.</summary>
    public static TextGrammar AnyObject()
    {
        using var document = JsonDocument.Parse("""{"type": "object"}""");
        return TextGrammar.JsonSchema(document.RootElement);
    }

    // llama.cpp's sign of a grammar of llguidance.
    private static TextGrammar LlamaGrammar(string grammar) =>
        grammar.StartsWith("%llguidance", StringComparison.Ordinal) ? TextGrammar.Lark(grammar) : TextGrammar.Gbnf(grammar);

    private static void Refuse(in JsonFields fields, string name, string reason)
    {
        if (fields.Any(name) is { ValueKind: not JsonValueKind.False }) throw fields.Unsupported(name, reason);
    }
}
