using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Server.Http;

namespace ArchGen.Server.Responses;

/// <summary>
/// Reads the input of a request: a text, or items. What the model thinks, says and calls are items of their own; those that follow each other become one
/// message.
/// </summary>
internal sealed class ResponseInput
{
    private readonly List<Message> _messages = [];
    private readonly Dictionary<string, string> _toolNames = new(StringComparer.Ordinal);

    private ResponseInput()
    {
    }

    /// <summary>The conversation.</summary>
    /// <exception cref="RequestException">An item is not known, or is one that models of ArchGen do not read.</exception>
    public static IReadOnlyList<Message> Read(in JsonFields fields)
    {
        if (fields.Any("input") is not { } value) throw fields.Missing("input", "a string or an array of items");
        var input = new ResponseInput();
        if (value.ValueKind == JsonValueKind.String) input._messages.Add(new Message(MessageRole.User, value.GetString()!));
        else if (value.ValueKind == JsonValueKind.Array) input.Add(fields.Objects("input")!);
        else throw fields.Wrong("input", value, "a string or an array of items");
        if (fields.Text("instructions") is { Length: > 0 } instructions) input.AddInstructions(instructions);
        return input._messages;
    }

    // Templates take one system message, at the beginning.
    private void AddInstructions(string instructions)
    {
        if (_messages is [{ Role: MessageRole.System or MessageRole.Developer } first, ..])
            _messages[0] = first with { Content = $"{instructions}\n\n{first.Content}" };
        else _messages.Insert(0, new Message(MessageRole.System, instructions));
    }

    private void Add(IReadOnlyList<JsonFields> items)
    {
        // The model's turn, as far as it has been read.
        Message? turn = null;
        foreach (var item in items)
        {
            var type = item.Text("type") ?? "message";
            var isAssistant = type is "reasoning" or "function_call" || (type == "message" && item.Text("role") == "assistant");
            if (!isAssistant) End();
            switch (type)
            {
                case "reasoning":
                    if (turn is { Content.Length: > 0 } or { ToolCalls.Count: > 0 }) End();
                    turn = (turn ?? Begin()) with { Reasoning = turn?.Reasoning + Reasoning(item) };
                    break;
                case "message" when isAssistant:
                    if (turn is { Content.Length: > 0 } or { ToolCalls.Count: > 0 }) End();
                    turn = (turn ?? Begin()) with { Content = Content(item) };
                    break;
                case "function_call":
                    turn ??= Begin();
                    turn = turn with { ToolCalls = [.. turn.ToolCalls, Call(item)] };
                    break;
                case "message": _messages.Add(new Message(Role(item), Content(item))); break;
                case "function_call_output": _messages.Add(Result(item)); break;
                case "item_reference": throw item.Unsupported("type", "this server stores no items. Send the item itself.");
                default: throw item.Unsupported("type", $"{type} is not known; expected message, function_call, function_call_output or reasoning.");
            }
        }

        End();

        void End()
        {
            if (turn is not null) _messages.Add(turn);
            turn = null;
        }
    }

    private static Message Begin() => new(MessageRole.Assistant, "");

    private static MessageRole Role(in JsonFields item) => item.RequiredText("role") switch
    {
        "user" => MessageRole.User,
        "system" => MessageRole.System,
        "developer" => MessageRole.Developer,
        var role => throw item.Unsupported("role", $"{role} is not known; expected user, assistant, system or developer."),
    };

    private ToolCall Call(in JsonFields item)
    {
        var (id, name) = (item.RequiredText("call_id"), item.RequiredText("name"));
        _toolNames[id] = name;
        return new ToolCall(id, name, item.Text("arguments") ?? "{}");
    }

    private Message Result(in JsonFields item)
    {
        var id = item.RequiredText("call_id");
        return new Message(MessageRole.Tool, Text(item, "output")) { ToolCallId = id, Name = _toolNames.GetValueOrDefault(id) };
    }

    // Its content, where it is there; else its summary, which clients that ask for one have instead.
    private static string? Reasoning(in JsonFields item)
    {
        var parts = item.Objects("content") is { Count: > 0 } content ? content : item.Objects("summary") ?? [];
        var text = string.Join('\n', parts.Select(part => part.RequiredText("text")));
        return text.Length > 0 ? text : null;
    }

    private static string Content(in JsonFields item) => Text(item, "content");

    private static string Text(in JsonFields item, string name)
    {
        if (item.Any(name) is not { } value) throw item.Missing(name, "a string or an array of texts");
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        if (value.ValueKind != JsonValueKind.Array) throw item.Wrong(name, value, "a string or an array of texts");
        return string.Join('\n', item.Objects(name)!.Select(PartText));
    }

    private static string PartText(JsonFields part) => part.RequiredText("type") switch
    {
        "input_text" or "output_text" or "text" => part.RequiredText("text"),
        "refusal" => part.RequiredText("refusal"),
        "input_image" => throw part.Unsupported("type", "image input is not supported by this model. Send text."),
        "input_file" => throw part.Unsupported("type", "file input is not supported by this model. Send its text."),
        "input_audio" => throw part.Unsupported("type", "audio input is not supported by this model. Send text."),
        var other => throw part.Unsupported("type", $"a part of the type {other} cannot be read here."),
    };
}
