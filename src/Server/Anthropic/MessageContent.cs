using System.Text.Json;
using ArchGen.Chat.Messages;
using ArchGen.Server.Http;

namespace ArchGen.Server.Anthropic;

/// <summary>
/// Reads the messages of a request. A message of Anthropic's API has blocks: results of tools among those of the user become messages of their own, in order.
/// </summary>
internal sealed class MessageContent
{
    // A known client puts this block first, and changes it with each request: nothing of the conversation would be found in the prefix cache.
    private const string BillingHeader = "x-anthropic-billing-header:";

    private readonly List<Message> _messages = [];
    private readonly Dictionary<string, string> _toolNames = new(StringComparer.Ordinal);

    private MessageContent()
    {
    }

    /// <summary>The conversation.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="messages">Its messages; if there are none, the user says an empty text.</param>
    /// <exception cref="RequestException">A message has a role or a block that is not known, or a block that models of ArchGen do not read.</exception>
    public static IReadOnlyList<Message> Read(in JsonFields fields, IReadOnlyList<JsonFields> messages)
    {
        var content = new MessageContent();
        if (SystemText(fields) is { Length: > 0 } system) content._messages.Add(new Message(MessageRole.System, system));
        foreach (var message in messages) content.Add(message);
        if (messages.Count == 0) content._messages.Add(new Message(MessageRole.User, ""));
        return content._messages;
    }

    private static string? SystemText(in JsonFields fields)
    {
        if (fields.Any("system") is not { } system) return null;
        if (system.ValueKind == JsonValueKind.String) return system.GetString();
        if (system.ValueKind != JsonValueKind.Array) throw fields.Wrong("system", system, "a string or an array of text blocks");
        return string.Join('\n', fields.Objects("system")!.Select(BlockText).Where(text => !text.StartsWith(BillingHeader, StringComparison.Ordinal)));
    }

    private void Add(in JsonFields message)
    {
        var role = message.RequiredText("role");
        if (message.Any("content") is not { } content) throw message.Missing("content", "a string or an array of blocks");
        if (content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array)) throw message.Wrong("content", content, "a string or an array of blocks");
        var blocks = content.ValueKind == JsonValueKind.Array ? message.Objects("content")! : [];
        var text = content.ValueKind == JsonValueKind.String ? content.GetString() : null;
        switch (role)
        {
            case "system": _messages.Add(new Message(MessageRole.System, text ?? Text(blocks))); break;
            case "user" when text is not null: _messages.Add(new Message(MessageRole.User, text)); break;
            case "user": AddUser(blocks); break;
            case "assistant" when text is not null: _messages.Add(new Message(MessageRole.Assistant, text)); break;
            case "assistant": AddAssistant(blocks); break;
            default: throw message.Unsupported("role", $"{role} is not known; expected user, assistant or system.");
        }
    }

    private void AddUser(IReadOnlyList<JsonFields> blocks)
    {
        var texts = new List<string>();
        foreach (var block in blocks)
        {
            if (block.Text("type") != "tool_result")
            {
                texts.Add(BlockText(block));
                continue;
            }

            AddTexts();
            var id = block.RequiredText("tool_use_id");
            _messages.Add(new Message(MessageRole.Tool, Result(block)) { ToolCallId = id, Name = _toolNames.GetValueOrDefault(id) });
        }

        if (texts.Count > 0 || blocks.Count == 0) AddTexts();

        void AddTexts()
        {
            if (texts.Count > 0 || blocks.Count == 0) _messages.Add(new Message(MessageRole.User, string.Join('\n', texts)));
            texts.Clear();
        }
    }

    // Templates have no place for the mark of an error.
    private static string Result(in JsonFields block)
    {
        var text = block.Any("content") switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } content => content.GetString()!,
            { ValueKind: JsonValueKind.Array } => Text(block.Objects("content")!),
            { } content => throw block.Wrong("content", content, "a string or an array of text blocks"),
        };
        return block.Flag("is_error") == true && !text.StartsWith("Error", StringComparison.OrdinalIgnoreCase) ? $"Error: {text}" : text;
    }

    private void AddAssistant(IReadOnlyList<JsonFields> blocks)
    {
        var texts = new List<string>();
        var thoughts = new List<string>();
        var calls = new List<ToolCall>();
        foreach (var block in blocks)
        {
            switch (block.Text("type"))
            {
                case "thinking": thoughts.Add(block.RequiredText("thinking")); break;
                // Only Anthropic can read it.
                case "redacted_thinking": break;
                case "tool_use": calls.Add(Call(block)); break;
                default: texts.Add(BlockText(block)); break;
            }
        }

        var reasoning = string.Join('\n', thoughts);
        _messages.Add(new Message(MessageRole.Assistant, string.Join('\n', texts))
        {
            Reasoning = reasoning.Length > 0 ? reasoning : null,
            ToolCalls = calls,
        });
    }

    private ToolCall Call(in JsonFields block)
    {
        var (id, name) = (block.RequiredText("id"), block.RequiredText("name"));
        _toolNames[id] = name;
        return new ToolCall(id, name, block.Object("input")?.Element.GetRawText() ?? "{}");
    }

    private static string Text(IReadOnlyList<JsonFields> blocks) => string.Join('\n', blocks.Select(block => BlockText(block)));

    private static string BlockText(JsonFields block) => block.RequiredText("type") switch
    {
        "text" => block.RequiredText("text"),
        "image" => throw block.Unsupported("type", "image input is not supported by this model. Send text."),
        "document" => throw block.Unsupported("type", "document input is not supported by this model. Send its text."),
        var other => throw block.Unsupported("type", $"a block of the type {other} cannot be read here."),
    };
}
