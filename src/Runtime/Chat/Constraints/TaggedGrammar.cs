using System.Text.Json;
using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;
using ArchGen.Grammars;
using ArchGen.Grammars.JsonSchema;

namespace ArchGen.Chat.Constraints;

/// <summary>
/// The grammar of arguments that are written one after the other. The names are the schema's; required ones come first, in the schema's order, then any of the
/// others in its order. A text is any that does not contain what ends it; other values follow their schema.
/// </summary>
/// <param name="grammar">The grammar.</param>
/// <param name="syntax">How they are written.</param>
/// <param name="tool">The tool.</param>
/// <param name="controls">The control tokens.</param>
internal sealed class TaggedGrammar(GrammarBuilder grammar, TaggedArguments syntax, ToolDefinition tool, ControlTexts controls)
{
    /// <summary>The arguments, from what begins them.</summary>
    public Symbol Arguments()
    {
        var schema = tool.Parameters;
        var isObject = schema.ValueKind == JsonValueKind.Object;
        var properties = isObject && schema.TryGetProperty("properties", out var found) && found.ValueKind == JsonValueKind.Object
            ? found.EnumerateObject().ToList() : [];
        var required = isObject && schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Select(name => name.ToString()).ToHashSet() : [];
        // From the last to the first: an argument is followed by those after it. Whether one came before decides on the separator.
        var ordered = properties.OrderBy(property => !required.Contains(property.Name)).ToList();
        Symbol afterNone = grammar.Empty, afterSome = grammar.Empty;
        foreach (var property in Enumerable.Reverse(ordered))
        {
            var argument = Argument(property.Name, property.Value);
            var first = grammar.Sequence(argument, afterSome);
            var next = grammar.Sequence(Literal(syntax.Separator), argument, afterSome);
            var isOptional = !required.Contains(property.Name);
            afterNone = isOptional ? grammar.Choice(first, afterNone) : first;
            afterSome = isOptional ? grammar.Choice(next, afterSome) : next;
        }

        return grammar.Sequence(Literal(syntax.Begin), afterNone);
    }

    private Symbol Argument(string name, JsonElement schema)
    {
        var isText = IsText(schema);
        var tags = isText ? syntax.Text : syntax.Value;
        var value = isText ? Text(schema, tags) : JsonSchemaGrammar.AddTo(grammar, schema, JsonSchemaOptions.Default);
        return grammar.Sequence([.. tags.Before.Select(part => Part(part, name)), value, .. tags.After.Select(part => Part(part, name))]);
    }

    // A choice of texts is one of them; any other text goes up to what ends it.
    private Symbol Text(JsonElement schema, ValueTags tags)
    {
        var regexes = grammar.Regexes;
        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array)
            return grammar.Lexeme(regexes.Literals(values.EnumerateArray().Select(value => value.ToString())));
        var end = tags.After is [{ Kind: TextPartKind.Literal } first, ..] ? first.Text.Trim() : "";
        var text = regexes.AnyText;
        if (end.Length > 0) text = regexes.Except(text, regexes.Concat(regexes.AnyText, regexes.Literal(end), regexes.AnyText));
        return grammar.Lexeme(text, name: "text");
    }

    private static bool IsText(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        && type.ValueEquals("string");

    private Symbol Part(TextPart part, string name) => part.Kind == TextPartKind.Key ? grammar.Literal(name) : Literal(part.Text);

    private Symbol Literal(string text) => text.Trim().Length == 0 ? grammar.Empty : controls.Literal(grammar, text.Trim());
}
