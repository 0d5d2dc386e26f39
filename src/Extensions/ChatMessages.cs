using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Messages;
using Microsoft.Extensions.AI;

namespace ArchGen.Extensions.AI;

/// <summary>Turns the messages of Microsoft.Extensions.AI into those of ArchGen.</summary>
internal static class ChatMessages
{
    /// <summary>The messages.</summary>
    /// <param name="messages">The messages of a request.</param>
    /// <param name="instructions">Further instructions, before all; null for none.</param>
    /// <exception cref="RequestException">A message has a role or a content that is not understood.</exception>
    public static List<Message> Of(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var result = new List<Message>();
        foreach (var message in messages) Add(message, result);
        if (string.IsNullOrEmpty(instructions)) return result;
        // Templates take one system message, at the beginning.
        if (result is [{ Role: MessageRole.System } first, ..]) result[0] = first with { Content = $"{instructions}\n\n{first.Content}" };
        else result.Insert(0, new Message(MessageRole.System, instructions));
        return result;
    }

    private static void Add(ChatMessage message, List<Message> result)
    {
        var role = Role(message.Role);
        var text = new List<string>();
        var calls = new List<ToolCall>();
        string? reasoning = null;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent part: text.Add(part.Text); break;
                case TextReasoningContent part: reasoning += part.Text; break;
                case FunctionCallContent call: calls.Add(new ToolCall(call.CallId, call.Name, Arguments(call))); break;
                case FunctionResultContent part:
                    result.Add(new Message(MessageRole.Tool, Result(part)) { ToolCallId = part.CallId, Name = NameOf(part, result) });
                    break;
                case UsageContent: break;
                default:
                    throw new RequestException($"A message has a part of the kind {content.GetType().Name}, which models of ArchGen do not read. Give texts.");
            }
        }

        if (role == MessageRole.Tool && text.Count == 0) return;
        result.Add(new Message(role, string.Concat(text)) { Reasoning = reasoning, ToolCalls = calls, Name = message.AuthorName });
    }

    private static MessageRole Role(ChatRole role) =>
        role == ChatRole.System ? MessageRole.System
        : role == ChatRole.User ? MessageRole.User
        : role == ChatRole.Assistant ? MessageRole.Assistant
        : role == ChatRole.Tool ? MessageRole.Tool
        : role.Value == "developer" ? MessageRole.Developer
        : throw new RequestException($"A message has the role {role.Value}; expected system, developer, user, assistant or tool.");

    private static string Arguments(FunctionCallContent call)
    {
        var json = new JsonObject();
        foreach (var (key, value) in call.Arguments ?? new Dictionary<string, object?>()) json[key] = Node(value, $"the argument {key} of {call.Name}");
        return json.ToJsonString(JsonText.Plain);
    }

    private static string Result(FunctionResultContent result) => result.Result switch
    {
        null when result.Exception is { } error => $"Error: {error.Message}",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        var value => Node(value, "the result of a call")?.ToJsonString(JsonText.Plain) ?? "null",
    };

    // The values that function invocation and JSON give; reflection would not work in trimmed programs.
    private static JsonNode? Node(object? value, string what) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        JsonElement element => JsonNode.Parse(element.GetRawText()),
        string text => text,
        bool flag => flag,
        int number => number,
        long number => number,
        float number => number,
        double number => number,
        decimal number => number,
        _ when AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var type) => JsonSerializer.SerializeToNode(value, type),
        _ => throw new RequestException($"The type {value.GetType().Name} of {what} cannot be written as JSON. Give a JsonElement."),
    };

    private static string? NameOf(FunctionResultContent result, List<Message> before) =>
        before.SelectMany(message => message.ToolCalls).LastOrDefault(call => call.Id == result.CallId)?.Name;
}
