using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ArchGen.Server.Tests.Abuse;

/// <summary>
/// Schemas, grammars and texts that are small to send and would be endless to work on: each is answered or refused in words, the process lives, and a plain
/// request is answered meanwhile.
/// </summary>
public sealed class BombTests
{
    private static readonly Dictionary<string, Func<JsonObject>> Bombs = new(StringComparer.Ordinal)
    {
        ["nested repetitions in a pattern"] = () => Pattern("^((a{1,1000}){1,1000}){1,1000}$"),
        ["stars in stars"] = () => Pattern("^(((((((((a*)*)*)*)*)*)*)*)*)*b$"),
        ["alternatives that begin alike"] = () => Pattern($"^({string.Join('|', Enumerable.Range(0, 2000).Select(i => new string('a', i % 100) + i))})*$"),
        ["classes of all of Unicode"] = () => Pattern(string.Concat(Enumerable.Repeat(@"[\p{L}\p{N}]{0,500}", 50))),
        ["brackets in brackets"] = () => Pattern(new string('(', 20_000) + new string(')', 20_000)),
        ["lengths of millions"] = () => Schema("""{"type": "string", "minLength": 1000000, "maxLength": 2000000000}"""),
        ["items of millions"] = () => Schema("""{"type": "array", "items": {"type": "array", "minItems": 1000000}, "minItems": 1000000}"""),
        ["a schema that is itself"] = () => Schema("""{"$ref": "#"}"""),
        ["definitions that name each other"] = () => Schema("""{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"""),
        ["doubling definitions"] = () => Schema(Doubling(40)),
        ["products of alternatives"] = () => Schema(Product(12)),
        ["thousands of properties"] = () => Schema(
            "{\"type\": \"object\", \"properties\": {" + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"p{i}\": {{\"type\": \"string\"}}")) + "}}"),
        ["a grammar that is itself"] = () => new JsonObject { ["grammar"] = "root ::= root" },
        ["a grammar of two that name each other"] = () => new JsonObject { ["grammar"] = "root ::= a\na ::= b\nb ::= a | a a" },
        ["a grammar of nothing in nothing"] = () => new JsonObject { ["grammar"] = "root ::= ((\"\")*)*" },
        ["a grammar of brackets"] = () => new JsonObject { ["grammar"] = "root ::= " + new string('(', 50_000) + "\"a\"" + new string(')', 50_000) },
        ["a grammar of repetitions"] = () => new JsonObject { ["grammar"] = "root ::= ((\"a\"{1000}){1000}){1000}" },
        ["a grammar of 100,000 rules"] = () => new JsonObject { ["grammar"] = Rules(100_000) },
        ["a template of loops"] = () => new JsonObject { ["chat_template"] = "{% for i in range(1000000000) %}{{ i }}{% endfor %}" },
        ["a text of a million letters"] = () => new JsonObject { ["prompt"] = new string('a', 1_000_000) },
        ["a text of one repeated sign"] = () => new JsonObject { ["prompt"] = string.Concat(Enumerable.Repeat("\u0301", 200_000)) },
        ["stop texts"] = () => new JsonObject { ["stop"] = new JsonArray([.. Enumerable.Range(0, 9000).Select(i => (JsonNode)$"stop{i}")]) },
    };

    public static TheoryData<string> Names => [.. Bombs.Keys];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Names))]
    public async Task It_is_answered_or_refused_and_others_are_answered_meanwhile(string name)
    {
        await using var server = await TestServer.StartAsync();
        var body = Bombs[name]();
        body["prompt"] ??= "Once upon a time";
        body["n_predict"] = 4;
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        var bomb = server.Client.PostAsync("/completion", content);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tokenize", """{"content": "Once"}""")).Status);
        using var response = await bomb;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{response.StatusCode}: {text}");
        if (response.StatusCode == HttpStatusCode.BadRequest) Assert.InRange(((string?)JsonNode.Parse(text)!["error"]!["message"])!.Length, 10, 2000);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/completion", """{"prompt": "Once", "n_predict": 1}""")).Status);
    }

    private static JsonObject Pattern(string pattern) => new() { ["json_schema"] = new JsonObject { ["type"] = "string", ["pattern"] = pattern } };

    private static JsonObject Schema(string schema) => new() { ["json_schema"] = JsonNode.Parse(schema) };

    // Each definition has the next one twice.
    private static string Doubling(int depth)
    {
        var definitions = Enumerable.Range(0, depth).Select(i =>
            $$$"""
            "d{{{i}}}": {"type": "object", "properties": {"a": {"$ref": "#/$defs/d{{{i + 1}}}"}, "b": {"$ref": "#/$defs/d{{{i + 1}}}"}}, "required": ["a", "b"]}
            """);
        return $$"""{"$ref": "#/$defs/d0", "$defs": { {{string.Join(',', definitions)}}, "d{{depth}}": {"type": "null"} } }""";
    }

    private static string Product(int factors)
    {
        var alternatives = Enumerable.Range(0, factors).Select(i => "{\"anyOf\": ["
            + string.Join(',', Enumerable.Range(0, 6).Select(k => "{\"properties\": {\"p" + i + "\": {\"const\": " + k + "}}}")) + "]}");
        return $$"""{"type": "object", "allOf": [{{string.Join(',', alternatives)}}]}""";
    }

    private static string Rules(int count)
    {
        var text = new StringBuilder("root ::= r0\n");
        for (var i = 0; i < count; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"r{i} ::= \"a\" r{i + 1}\n");
        return text.Append(System.Globalization.CultureInfo.InvariantCulture, $"r{count} ::= \"b\"\n").ToString();
    }
}
