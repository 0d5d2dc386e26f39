using System.Net;
using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Server.Anthropic;
using ArchGen.Server.Http;

namespace ArchGen.Server.Tests.Anthropic;

public sealed class MessageContentTests
{
    [Fact]
    public void Results_among_the_blocks_of_the_user_become_messages_in_order()
    {
        var messages = Read("""
            {"messages": [
              {"role": "user", "content": [{"type": "text", "text": "How is"}, {"type": "text", "text": "Rome?"}]},
              {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "I must look.", "signature": "any"}, {"type": "redacted_thinking", "data": "secret"},
                {"type": "text", "text": "A moment."},
                {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Rome"}}, {"type": "tool_use", "id": "t2", "name": "news", "input": {}}]},
              {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "sunny"}, {"type": "text", "text": "25 degrees"}]},
                {"type": "tool_result", "tool_use_id": "t2", "content": "no network", "is_error": true},
                {"type": "text", "text": "Well?"}]}]}
            """);
        Assert.Equal(
            [MessageRole.User, MessageRole.Assistant, MessageRole.Tool, MessageRole.Tool, MessageRole.User], messages.Select(message => message.Role));
        Assert.Equal("How is\nRome?", messages[0].Content);
        Assert.Equal(("A moment.", "I must look."), (messages[1].Content, messages[1].Reasoning));
        Assert.Equal([new ToolCall("t1", "weather", """{"city": "Rome"}"""), new ToolCall("t2", "news", "{}")], messages[1].ToolCalls);
        Assert.Equal(("sunny\n25 degrees", "t1", "weather"), (messages[2].Content, messages[2].ToolCallId, messages[2].Name));
        Assert.Equal(("Error: no network", "t2", "news"), (messages[3].Content, messages[3].ToolCallId, messages[3].Name));
        Assert.Equal("Well?", messages[4].Content);
    }

    [Fact]
    public void A_text_before_a_result_stays_before_it()
    {
        var messages = Read("""
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "Here:"}, {"type": "tool_result", "tool_use_id": "t"}]}]}
            """);
        Assert.Equal([MessageRole.User, MessageRole.Tool], messages.Select(message => message.Role));
        Assert.Equal("", messages[1].Content);
    }

    [Fact]
    public void The_block_that_changes_with_each_request_is_left_out()
    {
        var messages = Read("""
            {"system": [{"type": "text", "text": "x-anthropic-billing-header: cc_version=2; cch=0badf;"}, {"type": "text", "text": "You help."},
                        {"type": "text", "text": "In few words."}],
             "messages": [{"role": "user", "content": "Hello"}]}
            """);
        Assert.Equal(new Message(MessageRole.System, "You help.\nIn few words."), messages[0]);
    }

    [Fact]
    public void Without_messages_the_user_says_nothing()
    {
        Assert.Equal([new Message(MessageRole.User, "")], Read("""{"messages": []}"""));
    }

    [Fact]
    public async Task Tokens_are_counted_as_they_are_used()
    {
        await using var server = await TestTemplates.ServeAsync(TestTemplates.Thinking);
        const string conversation = """
            "system": "You help.", "tools": [{"name": "list", "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}}}],
            "messages": [{"role": "user", "content": "Look."},
              {"role": "assistant", "content": [THOUGHT {"type": "tool_use", "id": "t1", "name": "list", "input": {"path": "."}}]},
              {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "a.txt"}]}]
            """;
        var plain = await CountAsync(conversation.Replace("THOUGHT", "", StringComparison.Ordinal));
        const string thinking = """{"type": "thinking", "thinking": "I must look first."},""";
        var thought = await CountAsync(conversation.Replace("THOUGHT", thinking, StringComparison.Ordinal));
        Assert.True(thought > plain);
        var (_, used) = await server.PostAsync("/v1/messages", $$"""{"max_tokens": 2, {{conversation.Replace("THOUGHT", "", StringComparison.Ordinal)}}}""");
        Assert.Equal(plain, (int)used["usage"]!["input_tokens"]! + (int)used["usage"]!["cache_read_input_tokens"]!);

        async Task<int> CountAsync(string fields)
        {
            var (status, body) = await server.PostAsync("/v1/messages/count_tokens", $$"""{{{fields}}}""");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Single(body.AsObject());
            return (int)body["input_tokens"]!;
        }
    }

    private static IReadOnlyList<Message> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var fields = new JsonFields(document.RootElement);
        return MessageContent.Read(fields, fields.Objects("messages")!);
    }
}
