using System.Text.Json.Nodes;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Anthropic;

namespace ArchGen.Server.Tests.Anthropic;

public sealed class MessageWriterTests
{
    [Fact]
    public void Parts_become_blocks_in_order()
    {
        var (message, events) = Write(
            new AnswerReasoning("I must"), new AnswerReasoning(" look."), new AnswerText("A "), new AnswerText("moment."),
            new AnswerToolCall(0, new ToolCall("call_1", "weather", """{"city":"Rome"}""")),
            new AnswerToolCall(1, new ToolCall("call_2", "news", "{}")), new AnswerText("Done."));
        Assert.Equal(
            ["thinking", "text", "tool_use", "tool_use", "text"], message["content"]!.AsArray().Select(block => (string?)block!["type"]));
        Assert.Equal("I must look.", (string?)message["content"]![0]!["thinking"]);
        Assert.Equal("A moment.", (string?)message["content"]![1]!["text"]);
        Assert.Equal("Rome", (string?)message["content"]![2]!["input"]!["city"]);
        Assert.Equal("tool_use", (string?)message["stop_reason"]);
        Assert.Null(message["warnings"]);
        foreach (var type in (string[])["content_block_start", "content_block_stop"])
            Assert.Equal([0, 1, 2, 3, 4], events.Where(next => (string?)next["type"] == type).Select(next => (int)next["index"]!));
    }

    [Fact]
    public void The_input_of_a_call_comes_in_pieces()
    {
        var (message, events) = Write(
            new AnswerText("A moment."), new AnswerToolCallBegin(0, "call_1", "weather"), new AnswerToolCallArguments(0, "{\"city\":"),
            new AnswerToolCallArguments(0, "\"Rome\"}"), new AnswerToolCall(0, new ToolCall("call_1", "weather", """{"city":"Rome"}""")));
        Assert.Equal("Rome", (string?)message["content"]![1]!["input"]!["city"]);
        var pieces = events.Where(next => (string?)next["delta"]?["type"] == "input_json_delta").ToList();
        Assert.Equal(["{\"city\":", "\"Rome\"}"], pieces.Select(next => (string?)next["delta"]!["partial_json"]));
        Assert.All(pieces, next => Assert.Equal(1, (int)next["index"]!));
        Assert.Equal([0, 1], events.Where(next => (string?)next["type"] == "content_block_stop").Select(next => (int)next["index"]!));
    }

    [Fact]
    public void A_call_that_breaks_off_is_closed_and_the_rest_is_not_lost()
    {
        var (message, events) = Write(
            new AnswerToolCallBegin(0, "call_1", "weather"), new AnswerToolCallArguments(0, "{\"city\":"),
            new AnswerMalformedCall("]", "it breaks off") { Index = 0 }, new AnswerText(" Sorry."));
        Assert.Equal(["tool_use", "text"], message["content"]!.AsArray().Select(block => (string?)block!["type"]));
        Assert.Equal("] Sorry.", (string?)message["content"]![1]!["text"]);
        Assert.Contains("it breaks off", (string?)message["warnings"]![0]);
        foreach (var type in (string[])["content_block_start", "content_block_stop"])
            Assert.Equal([0, 1], events.Where(next => (string?)next["type"] == type).Select(next => (int)next["index"]!));
    }

    [Fact]
    public void A_text_that_is_no_call_is_not_lost()
    {
        var (message, events) = Write(new AnswerText("Look: "), new AnswerMalformedCall("<call>{", "the text ends before it does"));
        Assert.Equal("Look: <call>{", (string?)message["content"]![0]!["text"]);
        Assert.Contains("the text ends before it does", (string?)message["warnings"]![0]);
        var end = events.Single(next => (string?)next["type"] == "message_delta");
        Assert.True(JsonNode.DeepEquals(message["warnings"], end["warnings"]));
    }

    private static (JsonObject Message, List<JsonObject> Events) Write(params AnswerPart[] parts)
    {
        var request = new MessagesRequest(new ChatRequest { Messages = [] }, new ChatGeneration { MaxTokens = 100 });
        var writer = new MessageWriter("any", 10, request, []);
        var events = new List<JsonObject>();
        foreach (var part in parts) writer.Add(new ChatUpdate(0, part, null), events);
        var reason = parts.Any(part => part is AnswerToolCall) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        writer.Add(new ChatUpdate(0, null, new ChatFinish(reason, new GenerationUsage(10, 4, 20), 2)), events);
        return (writer.Message(), events);
    }
}
