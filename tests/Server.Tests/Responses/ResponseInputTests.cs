using System.Net;
using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Server.Http;
using ArchGen.Server.Responses;

namespace ArchGen.Server.Tests.Responses;

public sealed class ResponseInputTests
{
    [Fact]
    public void Items_of_the_models_turn_become_one_message()
    {
        var messages = Read("""
            {"instructions": "You help.", "input": [
              {"role": "developer", "content": "In few words."},
              {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "How is"}, {"type": "input_text", "text": "Rome?"}]},
              {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "unread"}],
               "content": [{"type": "reasoning_text", "text": "I must look."}]},
              {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "A moment.", "annotations": []}]},
              {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "weather", "arguments": "{\"city\": \"Rome\"}"},
              {"type": "function_call", "call_id": "c2", "name": "news", "arguments": "{}"},
              {"type": "function_call_output", "call_id": "c1", "output": "sunny"},
              {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "none"}]},
              {"role": "assistant", "content": "It is sunny."},
              {"role": "assistant", "content": "There is no news."}]}
            """);
        Assert.Equal(
            [MessageRole.Developer, MessageRole.User, MessageRole.Assistant, MessageRole.Tool, MessageRole.Tool, MessageRole.Assistant, MessageRole.Assistant],
            messages.Select(message => message.Role));
        Assert.Equal("You help.\n\nIn few words.", messages[0].Content);
        Assert.Equal("How is\nRome?", messages[1].Content);
        Assert.Equal(("A moment.", "I must look."), (messages[2].Content, messages[2].Reasoning));
        Assert.Equal([new ToolCall("c1", "weather", """{"city": "Rome"}"""), new ToolCall("c2", "news", "{}")], messages[2].ToolCalls);
        Assert.Equal(("sunny", "c1", "weather"), (messages[3].Content, messages[3].ToolCallId, messages[3].Name));
        Assert.Equal(("none", "c2", "news"), (messages[4].Content, messages[4].ToolCallId, messages[4].Name));
    }

    [Fact]
    public void A_summary_stands_for_thinking_that_is_not_there()
    {
        var messages = Read("""
            {"input": [{"role": "user", "content": "Hello"}, {"type": "reasoning", "summary": [{"type": "summary_text", "text": "A greeting."}]},
                       {"type": "function_call", "call_id": "c", "name": "wave"}]}
            """);
        Assert.Equal("A greeting.", messages[1].Reasoning);
        Assert.Equal("{}", messages[1].ToolCalls.Single().Arguments);
    }

    [Theory]
    [InlineData("{}", "'input' is missing")]
    [InlineData("""{"input": 3}""", "'input' is the number 3")]
    [InlineData("""{"input": [{"role": "robot", "content": "Hello"}]}""", "robot is not known")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_image"}]}]}""", "'input[0].content[0].type' is not supported: image input")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_file"}]}]}""", "file input is not supported")]
    [InlineData("""{"input": [{"type": "item_reference", "id": "msg_1"}]}""", "this server stores no items")]
    [InlineData("""{"input": [{"type": "computer_call"}]}""", "computer_call is not known")]
    [InlineData("""{"input": "Hello", "previous_response_id": "resp_1"}""", "'previous_response_id' is not supported")]
    [InlineData("""{"input": "Hello", "conversation": "conv_1"}""", "'conversation' is not supported")]
    [InlineData("""{"input": "Hello", "background": true}""", "'background' is not supported")]
    [InlineData("""{"input": "Hello", "truncation": "auto"}""", "'truncation' is not supported")]
    [InlineData("""{"input": "Hello", "tools": [{"type": "web_search"}]}""", "'tools[0].type' is not supported: web_search")]
    [InlineData("""{"input": "Hello", "tool_choice": "required"}""", "there are no tools")]
    [InlineData("""{"input": "Hello", "tool_choice": {"type": "function", "name": "a"}}""", "there is no such tool")]
    [InlineData("""{"input": "Hello", "tool_choice": {"type": "file_search"}}""", "'file_search' is not known here")]
    [InlineData("""{"input": "Hello", "text": {"format": {"type": "json_schema", "name": "a"}}}""", "'text.format.schema' is missing")]
    [InlineData("""{"input": "Hello", "text": {"format": {"type": "xml"}}}""", "xml is not known")]
    [InlineData("""{"input": "Hello", "max_output_tokens": 0}""", "'max_output_tokens' is 0")]
    public async Task A_wrong_request_is_an_error_in_words(string json, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("/v1/responses", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_request_error", (string?)body["error"]!["type"]);
        Assert.Contains(message, (string?)body["error"]!["message"]);
    }

    private static IReadOnlyList<Message> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ResponseInput.Read(new JsonFields(document.RootElement));
    }
}
