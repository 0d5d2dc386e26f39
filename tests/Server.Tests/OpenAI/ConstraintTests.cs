using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ArchGen.Server.Tests.OpenAI;

public sealed class ConstraintTests
{
    private const string User = """[{"role": "user", "content": "Write an example"}]""";

    public static TheoryData<string, string> Constraints => new()
    {
        { """ "response_format": {"type": "json_object", "schema": {"const": "42"}} """, "^\"42\"$" },
        { """ "response_format": {"type": "json_schema", "json_schema": {"name": "f", "schema": {"const": "foo"}}} """, "^\"foo\"$" },
        { """ "json_schema": {"enum": [7]} """, "^7$" },
        { """ "response_format": {"type": "json_object"}, "json_schema": {"enum": [7]} """, "^7$" },
        { """ "response_format": {"type": "text"}, "grammar": "root ::= \"a\"{5}" """, "^a{5}$" },
        { """ "grammar": "%llguidance {}\nstart: \"left\" | \"right\"" """, "^(left|right)$" },
        { """ "structured_outputs": {"choice": ["yes", "no"]} """, "^(yes|no)$" },
        { """ "structured_outputs": {"regex": "[0-9]{3}-[a-c]{2}x"} """, "^[0-9]{3}-[a-c]{2}x$" },
        { """ "structured_outputs": {"json": "{\"type\": \"boolean\"}"} """, "^(true|false)$" },
        { """ "structured_outputs": {"grammar": "root ::= [0-9] \"!\""} """, "^[0-9]!$" },
        { """ "structured_outputs": {"grammar": "start: /[0-9]/ \"?\""} """, "^[0-9]\\?$" },
        { """ "guided_choice": ["red"] """, "^red$" },
        { """ "guided_regex": "(ab){2}" """, "^abab$" },
        { """ "guided_json": {"type": "null"} """, "^null$" },
        { """ "guided_grammar": "root ::= \"z\"" """, "^z$" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { """ "response_format": {"type": "sound"} """, "'response_format.type' is 'sound'" },
        { """ "response_format": {"type": "json_object", "schema": 123} """, "'response_format.schema' is the number 123" },
        { """ "response_format": {"type": "json_object", "schema": {"type": 123}} """, "" },
        { """ "response_format": {"type": "json_object", "schema": {"type": "hiccup"}} """, "" },
        { """ "response_format": {"type": "json_schema"} """, "'response_format.json_schema' is missing" },
        { """ "json_schema": {"type": "array", "uniqueItems": true, "items": {"type": "string"}} """, "" },
        { """ "grammar": "root ::= this is (not valid GBNF" """, "" },
        { """ "grammar": "root ::= \"a\"", "json_schema": {} """, "'json_schema' and 'grammar' exclude each other" },
        { """ "grammar_lazy": true """, "'grammar_lazy' is not supported" },
        { """ "structured_outputs": {} """, "'structured_outputs' says nothing" },
        { """ "structured_outputs": {"structural_tag": "x"} """, "'structured_outputs.structural_tag' is not supported" },
        { """ "structured_outputs": {"choice": []} """, "'structured_outputs.choice' has 0 texts" },
        { """ "structured_outputs": {"json": "{"} """, "'structured_outputs.json' is no JSON" },
        { """ "structured_outputs": {"regex": "(?=a)b"} """, "" },
        { """ "structured_outputs": {"regex": "a", "choice": ["b"]} """, "'structured_outputs.regex' and 'structured_outputs.choice' exclude each other" },
        { """ "guided_whitespace_pattern": " " """, "'guided_whitespace_pattern' is not supported" },
    };

    [Theory]
    [MemberData(nameof(Constraints))]
    public async Task An_answer_follows_its_constraint(string field, string pattern)
    {
        await using var server = await TestServer.StartAsync();
        var (status, chat) = await server.PostAsync(
            "/v1/chat/completions", $$"""{"messages": {{User}}, "max_tokens": 64, "temperature": 1, "seed": 1,{{field}}}""");
        Assert.True(status == HttpStatusCode.OK, chat.ToJsonString());
        Assert.Matches(new Regex(pattern), (string)chat["choices"]![0]!["message"]!["content"]!);
        Assert.Equal("stop", (string?)chat["choices"]![0]!["finish_reason"]);
        var (_, completion) = await server.PostAsync("/v1/completions", $$"""{"prompt": "Once", "max_tokens": 64, "temperature": 1, "seed": 1,{{field}}}""");
        Assert.Matches(new Regex(pattern), (string)completion["choices"]![0]!["text"]!);
        Assert.Equal("stop", (string?)completion["choices"]![0]!["finish_reason"]);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_enforced_is_refused(string field, string message)
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (path, prompt) in ((string, string)[])[("/v1/chat/completions", $"\"messages\": {User}"), ("/v1/completions", "\"prompt\": \"a\"")])
        {
            var (status, body) = await server.PostAsync(path, $$"""{{{prompt}}, "max_tokens": 4,{{field}}}""");
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.StartsWith(message, (string?)body["error"]!["message"]);
        }
    }

    [Fact]
    public async Task Objects_have_no_properties_that_the_schema_does_not_name()
    {
        await using var server = await TestServer.StartAsync();
        const string Schema = """{"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}}, "required": ["a", "b"]}""";
        for (var seed = 1; seed <= 5; seed++)
        {
            var (_, body) = await server.PostAsync("/v1/chat/completions", $$"""
                {"messages": {{User}}, "max_tokens": 400, "temperature": 1, "seed": {{seed}}, "response_format": {"type": "json_schema",
                 "json_schema": {"name": "x", "schema": {{Schema}} } } }
                """);
            var answer = JsonNode.Parse((string)body["choices"]![0]!["message"]!["content"]!)!.AsObject();
            Assert.Equal(["a", "b"], answer.Select(property => property.Key));
        }
    }

    [Fact]
    public async Task A_grammar_and_tools_exclude_each_other()
    {
        await using var server = await TestServer.StartAsync();
        const string Tools = """[{"type": "function", "function": {"name": "f"}}]""";
        var (status, body) = await server.PostAsync(
            "/v1/chat/completions", $$"""{"messages": {{User}}, "tools": {{Tools}}, "grammar": "root ::= \"a\""}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("A grammar of the answer and tools exclude each other", (string?)body["error"]!["message"]);
    }

    // The grammar is of the answer; what the model thinks before is free.
    [Fact]
    public async Task A_grammar_leaves_the_thinking_free()
    {
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.ChatTemplate = ThinkingTests.Template);
        var (_, body) = await server.PostAsync("/v1/chat/completions", $$"""
            {"messages": {{User}}, "max_tokens": 200, "thinking_budget_tokens": 12, "temperature": 1, "structured_outputs": {"choice": ["yes", "no"]} }
            """);
        var message = body["choices"]![0]!["message"]!;
        Assert.NotEqual("", (string?)message["reasoning_content"] ?? "");
        Assert.Contains((string?)message["content"], (string[])["yes", "no"]);
    }
}
