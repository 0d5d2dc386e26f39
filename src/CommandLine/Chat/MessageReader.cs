using System.Text.Json;
using ArchGen.Chat.Messages;

namespace ArchGen.CommandLine.Chat;

/// <summary>Reads conversations and tools in the form of OpenAI's API.</summary>
internal static class MessageReader
{
    /// <summary>A conversation, <c>{"messages": [...]}</c>; its first message may be the instructions.</summary>
    /// <exception cref="RequestException">The text is no conversation.</exception>
    public static (string? System, List<Message> Messages) Read(string json)
    {
        using var document = Parse(json, "The conversation");
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("messages", out var list)
            || list.ValueKind != JsonValueKind.Array)
        {
            throw new RequestException("The conversation is not {\"messages\": [...]}.");
        }

        var messages = list.EnumerateArray().Select(Message).ToList();
        var system = messages is [{ Role: MessageRole.System } first, ..] ? first.Content : null;
        if (system is not null) messages.RemoveAt(0);
        return (system, messages);
    }

    /// <summary>A list of tools: <c>[{"type": "function", "function": {"name": ..., "parameters": {...}}}]</c>, or the functions alone.</summary>
    /// <exception cref="RequestException">The text is no list of tools.</exception>
    public static List<ToolDefinition> Tools(string json)
    {
        using var document = Parse(json, "The list of tools");
        if (document.RootElement.ValueKind != JsonValueKind.Array) throw new RequestException("The list of tools is not a JSON array.");
        return [.. document.RootElement.EnumerateArray().Select(Tool)];
    }

    /// <summary>A JSON schema.</summary>
    /// <exception cref="RequestException">The text is no JSON.</exception>
    public static JsonElement Schema(string json)
    {
        using var document = Parse(json, "The JSON schema");
        return document.RootElement.Clone();
    }

    private static JsonDocument Parse(string json, string what)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new RequestException($"{what} is no JSON: {error.Message}", error);
        }
    }

    private static ToolDefinition Tool(JsonElement tool)
    {
        var function = tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var inner) ? inner : tool;
        if (Text(function, "name") is not { } name)
            throw new RequestException("A tool has no name: expected {\"type\": \"function\", \"function\": {\"name\": ...}}.");
        var parameters = function.TryGetProperty("parameters", out var schema) ? schema.Clone() : Schema("""{"type": "object"}""");
        return new ToolDefinition(name, Text(function, "description"), parameters);
    }

    private static Message Message(JsonElement message)
    {
        var role = Text(message, "role") switch
        {
            "system" => MessageRole.System,
            "developer" => MessageRole.Developer,
            "user" => MessageRole.User,
            "assistant" => MessageRole.Assistant,
            "tool" => MessageRole.Tool,
            var other => throw new RequestException($"A message has the role {other ?? "of no name"}; expected system, developer, user, assistant or tool."),
        };
        var calls = message.TryGetProperty("tool_calls", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(Call) : [];
        return new Message(role, Text(message, "content") ?? "")
        {
            Reasoning = Text(message, "reasoning_content"),
            ToolCalls = [.. calls],
            ToolCallId = Text(message, "tool_call_id"),
            Name = Text(message, "name"),
        };
    }

    private static ToolCall Call(JsonElement call)
    {
        var function = call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var inner) ? inner : call;
        if (Text(function, "name") is not { } name)
            throw new RequestException("A call has no name: expected {\"function\": {\"name\": ..., \"arguments\": ...}}.");
        return new ToolCall(Text(call, "id") ?? "", name, Text(function, "arguments") ?? "{}");
    }

    // The text of a property; JSON that is no text, as it is written. Null if there is none.
    private static string? Text(JsonElement json, string name) =>
        json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}
