using System.Text;
using System.Text.Json;
using ArchGen.Grammars.JsonSchema;
using ArchGen.Grammars.JsonSchema.Sets;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>A schema's grammar with a recognizer of whole documents.</summary>
internal sealed class SchemaUnderTest
{
    private readonly WholeTextRecognizer _recognizer;

    private SchemaUnderTest(WholeTextRecognizer recognizer) => _recognizer = recognizer;

    /// <exception cref="RequestException">The schema is refused.</exception>
    public static SchemaUnderTest Of(JsonElement schema, JsonSchemaOptions? options = null)
    {
        GrammarBuilder grammar = new();
        var start = JsonSchemaGrammar.AddTo(grammar, schema, options ?? JsonSchemaOptions.Default);
        grammar.Ignore(grammar.Regexes.Plus(grammar.Regexes.Bytes(ByteSet.Of((byte)' ') | ByteSet.Of((byte)'\n'))));
        return new(new WholeTextRecognizer(grammar, start));
    }

    public static SchemaUnderTest Of(string schema, JsonSchemaOptions? options = null) => Of(Parse(schema), options);

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = 1000 });
        return document.RootElement.Clone();
    }

    /// <summary>A value as JSON without whitespace and with no more escapes than must be.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(part => $"\"{JsonCharacters.Spell(part.Name)}\":{Text(part.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Text))}]",
        JsonValueKind.String => $"\"{JsonCharacters.Spell(value.GetString()!)}\"",
        _ => value.GetRawText(),
    };

    public bool Accepts(string document) => _recognizer.Accepts(Encoding.UTF8.GetBytes(document));
}
