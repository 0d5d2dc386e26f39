using System.Text;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>Schemas from strangers: each ends, with a grammar or a message with a path.</summary>
public sealed class HostileSchemaTests
{
    public static TheoryData<string> Names => [.. Schemas().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_schema_ends_with_a_grammar_or_a_message(string name)
    {
        try
        {
            CompiledGrammar.FromJsonSchema(Schemas()[name]);
        }
        catch (RequestException exception)
        {
            Assert.True(exception.Message.Length < 1000, exception.Message);
        }
    }

    [Theory]
    [InlineData("""{"$ref": "#"}""", "refers to itself")]
    [InlineData("""{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}""", "refers to itself")]
    [InlineData("""{"anyOf": [{"type": "string"}, {"$ref": "#"}]}""", "refers to itself")]
    [InlineData("""{"not": {"$ref": "#"}}""", "refers to itself")]
    [InlineData("""{"properties": {"a": {"pattern": "("}}}""", "#/properties/a/pattern: the regular expression \"(\" is not supported (column 1)")]
    [InlineData("""{"properties": {"a/b": {"type": "text"}}}""", "#/properties/a~1b/type: \"text\" is not a type")]
    [InlineData("""{"items": 5}""", "#/items: a schema is expected")]
    [InlineData("""{"items": {"minLength": -1}}""", "#/items/minLength: an integer of at least 0 is expected")]
    [InlineData("""{"allOf": []}""", "#/allOf: at least one schema is expected")]
    [InlineData("""{"required": true}""", "#/required: an array is expected")]
    [InlineData("""{"$ref": "https://example.com/schema"}""", "#/$ref: \"https://example.com/schema\" is not in the document")]
    [InlineData("""{"$ref": "#/$defs/missing"}""", "#/$ref: there is no schema at \"#/$defs/missing\"")]
    [InlineData("""{"uniqueItems": true}""", "#/uniqueItems: uniqueItems can be decided only")]
    [InlineData("""{"format": "regex"}""", "#/format: the format \"regex\" cannot be decided")]
    [InlineData("""{"multipleOf": 0}""", "#/multipleOf: a number above 0 is expected")]
    [InlineData("""{"multipleOf": 0.123456789}""", "#/multipleOf: the divisor has too many digits")]
    [InlineData("""{"minimum": 1e9999}""", "#/minimum: the number has more than 400 digits")]
    [InlineData("""{"$schema": "http://json-schema.org/draft-03/schema#"}""", "#/$schema: draft 3 is not supported")]
    [InlineData("""{"type": "string", "type": "number"}""", "a name twice")]
    [InlineData("""{"type": """, "not valid JSON")]
    [InlineData("5", "#: a schema is expected")]
    [InlineData("""{"const": "\ud800"}""", "half of a character")]
    [InlineData("""{"properties": {"\udc00": {}}}""", "half of a character")]
    public void A_message_has_the_path_and_the_reason(string schema, string message)
    {
        var error = Assert.Throws<RequestException>(() => CompiledGrammar.FromJsonSchema(schema));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("""{"type": "integer", "minimum": 2, "maximum": 1}""")]
    [InlineData("""{"type": "string", "pattern": "^a", "enum": ["b"]}""")]
    [InlineData("""{"type": "object", "required": ["a"], "properties": {"a": false}}""")]
    [InlineData("""{"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}}""")]
    [InlineData("""{"type": "array", "minItems": 3, "maxItems": 2}""")]
    public void A_schema_that_nothing_satisfies_is_refused(string schema) => Assert.Throws<RequestException>(() => CompiledGrammar.FromJsonSchema(schema));

    private static Dictionary<string, string> Schemas()
    {
        var wide = string.Join(", ", Enumerable.Range(0, 40).Select(i => $$"""{"anyOf": [{"required": ["a{{i}}"]}, {"required": ["b{{i}}"]}]}"""));
        var chain = string.Join(", ", Enumerable.Range(0, 5000).Select(i => $$"""
            "d{{i}}": {"$ref": "#/$defs/d{{i + 1}}"}
            """));
        var properties = string.Join(", ", Enumerable.Range(0, 2000).Select(i => $$"""
            "p{{i}}": {"type": "string"}
            """));
        var patterns = string.Join(", ", Enumerable.Range(0, 14).Select(i => $$"""
            "[{{(char)('a' + i)}}x].*y{{i}}": {"minLength": {{i}}}
            """));
        return new(StringComparer.Ordinal)
        {
            ["a million items"] = """{"type": "array", "minItems": 1000000, "maxItems": 2000000, "items": {"type": "integer"}}""",
            ["a million characters"] = """{"type": "string", "minLength": 1000000, "maxLength": 2000000}""",
            ["a million properties"] = """{"type": "object", "minProperties": 1000000, "additionalProperties": {"type": "integer"}}""",
            ["a million properties beside one"] = """{"type": "object", "properties": {"a": {}}, "minProperties": 1000000}""",
            ["exponential allOf"] = $$"""{"allOf": [{{wide}}]}""",
            ["exponential oneOf"] = $$"""{"allOf": [{{wide.Replace("anyOf", "oneOf", StringComparison.Ordinal)}}]}""",
            ["nested not"] = Nested(60, """{"not": """, """{"properties": {"a": {"type": "string"}}, "required": ["b"]}""", "}"),
            ["nested anyOf"] = Nested(60, """{"anyOf": [{"properties": {"a": {"minLength": 3}}}, """, "true", "]}"),
            ["too deep"] = Nested(5000, """{"items": """, "true", "}"),
            ["a long chain of references"] = $$$"""{"$defs": {{{{chain}}}, "d5000": {"type": "string"}}, "$ref": "#/$defs/d0"}""",
            ["many values"] = $$"""{"enum": [{{string.Join(", ", Enumerable.Range(0, 20_000).Select(i => $"\"value {i}\""))}}]}""",
            ["many numbers"] = $$"""{"enum": [{{string.Join(", ", Enumerable.Range(0, 2000).Select(i => i * 37))}}]}""",
            ["many properties"] = $$$"""{"type": "object", "properties": {{{{properties}}}}, "additionalProperties": false}""",
            ["many patterns"] = $$$"""{"patternProperties": {{{{patterns}}}}}""",
            ["large automata"] = """{"allOf": [{"multipleOf": 97}, {"multipleOf": 101}, {"multipleOf": 103}], "type": "number"}""",
            ["patterns of many states"] =
                """{"type": "string", "allOf": [{"pattern": "a.{30}b"}, {"pattern": "b.{31}a"}, {"not": {"pattern": "(a|b).{20}c"}}]}""",
        };
    }

    private static string Nested(int depth, string open, string inner, string close)
    {
        StringBuilder text = new();
        for (var i = 0; i < depth; i++) text.Append(open);
        text.Append(inner);
        for (var i = 0; i < depth; i++) text.Append(close);
        return text.ToString();
    }
}
