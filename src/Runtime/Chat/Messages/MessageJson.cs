using System.Text.Json;
using System.Text.Json.Nodes;

namespace ArchGen.Chat.Messages;

/// <summary>Writes messages and tools in the form of OpenAI's API, which is what templates read.</summary>
internal static class MessageJson
{
    /// <summary>A conversation.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">How the template wants them.</param>
    public static JsonArray Messages(IEnumerable<Message> messages, MessageForm options) =>
        new([.. messages.Select(message => Message(message, options))]);

    /// <summary>The tools; null if there are none, since templates ask whether there are any.</summary>
    public static JsonArray? Tools(IReadOnlyCollection<ToolDefinition> tools) => tools.Count == 0 ? null : new([.. tools.Select(Tool)]);

    private static JsonObject Tool(ToolDefinition tool)
    {
        var function = new JsonObject { ["name"] = tool.Name };
        // A template may print the description without asking whether there is one.
        function["description"] = tool.Description ?? "";
        function["parameters"] = JsonNode.Parse(tool.Parameters.GetRawText());
        return new JsonObject { ["type"] = "function", ["function"] = function };
    }

    private static JsonObject Message(Message message, MessageForm form)
    {
        var json = new JsonObject { ["role"] = RoleName(message.Role) };
        if (message.Name is { } name) json["name"] = name;
        if (message.ToolCallId is { } call) json["tool_call_id"] = call;
        json["content"] = Content(message, form);
        if (message.Reasoning is { } reasoning) json[form.ReasoningField] = reasoning;
        if (message.ToolCalls.Count > 0) json["tool_calls"] = new JsonArray([.. message.ToolCalls.Select(toolCall => Call(toolCall, form))]);
        return json;
    }

    private static JsonNode? Content(Message message, MessageForm form)
    {
        if (message.ToolCalls.Count > 0 && message.Content.Length == 0 && form.HasNullContentBesideCalls) return null;
        return form.HasContentParts ? new JsonArray(new JsonObject { ["type"] = "text", ["text"] = message.Content }) : message.Content;
    }

    /// <summary>A call of a tool.</summary>
    public static JsonObject Call(ToolCall call, MessageForm form)
    {
        JsonNode? arguments = call.Arguments;
        if (form.HasParsedArguments) arguments = ParsedArguments(call);
        return new JsonObject
        {
            ["id"] = call.Id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments },
        };
    }

    private static JsonNode? ParsedArguments(ToolCall call)
    {
        try
        {
            return JsonNode.Parse(call.Arguments.Length == 0 ? "{}" : call.Arguments) ?? new JsonObject();
        }
        catch (JsonException)
        {
            throw new RequestException($"The arguments of the call {call.Id} of {call.Name} are no JSON. Give a JSON object, such as {{\"city\": \"Rome\"}}.");
        }
    }

    private static string RoleName(MessageRole role) => role switch
    {
        MessageRole.System or MessageRole.Developer => "system",
        MessageRole.User => "user",
        MessageRole.Assistant => "assistant",
        _ => "tool",
    };
}
