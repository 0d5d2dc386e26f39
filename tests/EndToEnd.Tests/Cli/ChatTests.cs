using System.Text.Json.Nodes;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen chat</c> and <c>archgen parse</c>: a conversation in a pipe, its commands, and what answers consist of.</summary>
public sealed class ChatTests : IDisposable
{
    private const string Tools = """
        [{"type": "function", "function": {"name": "get", "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}}}}]
        """;

    private static readonly string Template = SharedFixtures.Local("templates/plain.jinja");

    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_embedded_model_answers_a_question_from_a_pipe()
    {
        var result = Archgen.RunWithInput("Tell me a story about a cat.\n", "chat", "-n", "20");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("cat", result.Out, StringComparison.Ordinal);
        Assert.Equal(result.Out, Archgen.RunWithInput("not this", "chat", "-n", "20", "-p", "Tell me a story about a cat.").Out);
    }

    [Fact]
    public void A_model_without_a_template_needs_one()
    {
        var result = Archgen.RunWithInput("Hello", "chat", Stories);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no chat template", result.Error, StringComparison.Ordinal);
        Assert.Contains("--chat-template-file", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Chat("Hello", "-n", "5").ExitCode);
    }

    [Fact]
    public void Answers_follow_a_schema_or_a_grammar()
    {
        var schema = """{"type": "object", "properties": {"size": {"enum": ["small", "big"]}}, "required": ["size"], "additionalProperties": false}""";
        var json = JsonNode.Parse(Chat("How big?", "--json-schema", schema).Out)!;
        Assert.Contains(json["size"]!.ToString(), new[] { "small", "big" });
        File.WriteAllText(_folder.File("schema.json"), schema);
        Assert.NotNull(JsonNode.Parse(Chat("How big?", "-j", _folder.File("schema.json")).Out)!["size"]);
        File.WriteAllText(_folder.File("yes.gbnf"), "root ::= \"yes\" | \"no\"\n");
        Assert.Contains(Chat("Is it so?", "--grammar-file", _folder.File("yes.gbnf")).Out.Trim(), new[] { "yes", "no" });
        File.WriteAllText(_folder.File("bad.gbnf"), "root ::= (\n");
        Fails("line", "Is it so?", "--grammar-file", _folder.File("bad.gbnf"));
        Fails("uniqueItems", "How?", "-j", """{"type": "array", "uniqueItems": true, "items": {"type": "string"}}""");
    }

    [Fact]
    public void A_conversation_has_commands()
    {
        var saved = _folder.File("saved.json");
        var result = Archgen.RunWithLines(
            $"""
            /help
            /system Be brief.
            Once upon a time
            /regen
            /set temp 0.5
            /set temp much
            /set
            /nonsense
            And then?
            /undo
            /save {saved}
            /clear
            /undo
            /load {saved}
            /exit
            This is not read.
            """,
            "chat", Stories, "--temp", "0", "-n", "6", "--chat-template-file", Template);
        Assert.Equal(0, result.ExitCode);
        foreach (var expected in new[] { "/regen", "temp is much", "top-k", "There is no command /nonsense", "There is no question yet" })
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not read", result.Out, StringComparison.Ordinal);
        var messages = JsonNode.Parse(File.ReadAllText(saved))!["messages"]!.AsArray();
        Assert.Equal(["system", "user", "assistant"], messages.Select(message => message!["role"]!.ToString()));
        Assert.Equal("Be brief.", messages[0]!["content"]!.ToString());
        // The answer was given twice: by the question and by /regen.
        var answer = messages[2]!["content"]!.ToString();
        Assert.True(result.Out.Split('\n').Count(line => line.Contains(answer.Split('\n')[0], StringComparison.Ordinal)) >= 2, result.Out);
    }

    [Fact]
    public void The_oldest_turns_are_left_out_only_if_asked_for()
    {
        var lines = string.Concat(Enumerable.Repeat("Tell me more of the cat and the dog\n", 4));
        string[] arguments = ["chat", Stories, "--temp", "0", "-n", "20", "-c", "96", "--chat-template-file", Template];
        Assert.Contains("96", Archgen.RunWithLines(lines, arguments).Error, StringComparison.Ordinal);
        Assert.Contains("the oldest turn is left out", Archgen.RunWithLines(lines, [.. arguments, "--drop-oldest"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_context_is_an_error_and_nothing_is_cut()
    {
        var longQuestion = string.Concat(Enumerable.Repeat("and so on ", 100));
        Fails("tokens", longQuestion, "-c", "64");
    }

    [Fact]
    public void An_answer_is_divided_into_its_parts()
    {
        File.WriteAllText(_folder.File("input.json"), $$"""{"messages": [{"role": "user", "content": "Hi"}], "tools": {{Tools}}}""");
        File.WriteAllText(_folder.File("answer.txt"), """I will look.<call>{"name": "get", "arguments": {"n": 3}}</call>""");
        var result = Archgen.Run("parse", Template, "--input", _folder.File("input.json"), "--text", _folder.File("answer.txt"));
        Assert.Equal(0, result.ExitCode);
        var json = JsonNode.Parse(result.Out)!;
        Assert.Equal("I will look.", json["content"]!.ToString());
        var call = json["tool_calls"]![0]!;
        Assert.Equal("get", call["function"]!["name"]!.ToString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"n": 3}"""), JsonNode.Parse(call["function"]!["arguments"]!.ToString())));
    }

    [Fact]
    public void A_text_that_looks_like_a_call_is_reported()
    {
        File.WriteAllText(_folder.File("input.json"), $$"""{"messages": [{"role": "user", "content": "Hi"}], "tools": {{Tools}}}""");
        File.WriteAllText(_folder.File("answer.txt"), """<call>{"name": 3}</call>""");
        var result = Archgen.Run("parse", Template, "--input", _folder.File("input.json"), "--text", _folder.File("answer.txt"));
        Assert.NotNull(JsonNode.Parse(result.Out)!["malformed_calls"]![0]);
    }

    private Archgen Chat(string question, params string[] options) =>
        Archgen.RunWithInput(question, ["chat", Stories, "--temp", "0", "--chat-template-file", Template, .. options]);

    private void Fails(string message, string question, params string[] options)
    {
        var result = Chat(question, options);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }
}
