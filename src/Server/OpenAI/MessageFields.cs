using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Server.Http;

namespace ArchGen.Server.OpenAI;

/// <summary>Reads the messages of a conversation.</summary>
internal static class MessageFields
{
    /// <summary>The messages.</summary>
    /// <exception cref="RequestException">There are none, or one is wrong or has what the model does not read; the error has its path.</exception>
    public static IReadOnlyList<Message> Read(in JsonFields fields)
    {
        var items = fields.Objects("messages") ?? throw fields.Missing("messages", "an array of messages");
        if (items.Count == 0) throw new RequestException($"'{fields.At("messages")}' is empty; expected at least one message.");
        var messages = new List<Message>(items.Count);
        for (var i = 0; i < items.Count; i++) messages.Add(Message(items[i], messages, isLast: i == items.Count - 1));
        if (messages is [.., { Role: MessageRole.Assistant, ToolCalls.Count: 0 }, { Role: MessageRole.Assistant, ToolCalls.Count: 0 }])
        {
            throw new RequestException($"'{fields.At("messages")}' ends with two messages of the assistant; expected at most one, which is then continued. "
                + "Join them.");
        }

        return messages;
    }

    private static Message Message(in JsonFields item, List<Message> before, bool isLast)
    {
        var role = Role(item);
        var calls = role == MessageRole.Assistant ? Calls(item) : [];
        var reasoning = item.Text("reasoning_content") ?? item.Text("reasoning") ?? item.Text("thinking");
        var isComplete = role == MessageRole.Assistant && (calls.Count > 0 || reasoning is not null || item.Text("refusal") is not null);
        if (!isComplete && !item.Element.TryGetProperty("content", out _)) throw item.Missing("content", "a text, or an array of parts");
        var callId = role == MessageRole.Tool ? item.Text("tool_call_id") : null;
        // llama.cpp puts an empty line between the parts of a message that is continued.
        return new Message(role, Content(item, isLast && role == MessageRole.Assistant ? "\n\n" : "\n") ?? item.Text("refusal") ?? "")
        {
            Reasoning = role == MessageRole.Assistant ? reasoning : null,
            ToolCalls = calls,
            ToolCallId = callId,
            Name = item.Text("name") ?? (callId is null ? null : NameOf(callId, before)),
        };
    }

    private static MessageRole Role(in JsonFields item) => item.RequiredText("role") switch
    {
        "system" => MessageRole.System,
        "developer" => MessageRole.Developer,
        "user" => MessageRole.User,
        "assistant" => MessageRole.Assistant,
        "tool" or "function" => MessageRole.Tool,
        var other => throw new RequestException($"'{item.At("role")}' is '{other}'; expected system, developer, user, assistant or tool."),
    };

    // Parts are lines of one text, as llama.cpp and vLLM join them.
    private static string? Content(in JsonFields item, string separator)
    {
        if (item.Any("content") is not { } content) return null;
        if (content.ValueKind == JsonValueKind.String) return content.GetString();
        if (content.ValueKind != JsonValueKind.Array) throw item.Wrong("content", content, "a text, or an array of parts");
        var texts = new List<string>();
        foreach (var part in item.Objects("content")!)
        {
            texts.Add(part.RequiredText("type") switch
            {
                "text" or "input_text" or "output_text" => part.RequiredText("text"),
                "refusal" => part.RequiredText("refusal"),
                var other => throw part.Unsupported("type", $"the model does not read a part of the type '{other}'. Give texts."),
            });
        }

        return string.Join(separator, texts);
    }

    private static List<ToolCall> Calls(in JsonFields item)
    {
        var calls = new List<ToolCall>();
        foreach (var call in item.Objects("tool_calls") ?? [])
        {
            if (call.Text("type") is { } type and not "function") throw call.Unsupported("type", $"there are no tools of the type '{type}'. Give functions.");
            calls.Add(Call(call.Object("function") ?? throw call.Missing("function", "an object with a name and arguments"), call.Text("id") ?? ""));
        }

        if (calls.Count == 0 && item.Object("function_call") is { } only) calls.Add(Call(only, ""));
        return calls;
    }

    // The arguments are a text by OpenAI's documentation; some clients send the object.
    private static ToolCall Call(in JsonFields function, string id)
    {
        var arguments = function.Any("arguments") switch
        {
            null => "{}",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Object } json => json.GetRawText(),
            { } other => throw function.Wrong("arguments", other, "a JSON object as text"),
        };
        return new ToolCall(id, function.RequiredText("name"), arguments);
    }

    private static string? NameOf(string callId, List<Message> before) =>
        before.SelectMany(message => message.ToolCalls).LastOrDefault(call => call.Id == callId)?.Name;
}
