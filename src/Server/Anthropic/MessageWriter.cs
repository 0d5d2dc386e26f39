using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Messages;
using ArchGen.Server.Http;

namespace ArchGen.Server.Anthropic;

/// <summary>Writes an answer as a message, and as the events that make it. Fields that are always there at Anthropic are there, if only as null.</summary>
/// <param name="model">The name of the model.</param>
/// <param name="promptTokens">Tokens of the prompt.</param>
/// <param name="request">The request.</param>
/// <param name="warnings">What was found odd in the request: a field of its own, if there is anything.</param>
internal sealed class MessageWriter(string model, int promptTokens, MessagesRequest request, IReadOnlyList<string> warnings)
{
    // A signature proves to Anthropic that thinking is its own; here it is not read.
    private const string Signature = "unsigned";

    private readonly string _id = Identifier.New("msg_");
    private readonly JsonArray _content = [];
    private readonly StringBuilder _text = new();
    private readonly List<string> _warnings = [.. warnings];
    private string? _open;
    private JsonObject? _call;
    private ChatFinish? _finish;

    /// <summary>The message so far.</summary>
    public JsonObject Message() => WithWarnings(new JsonObject
    {
        ["id"] = _id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = model,
        ["content"] = _content.DeepClone(),
        ["stop_reason"] = StopReason(),
        ["stop_sequence"] = _finish?.StopText,
        ["stop_details"] = null,
        ["container"] = null,
        ["diagnostics"] = null,
        ["usage"] = Usage(),
    });

    /// <summary>The first event.</summary>
    public JsonObject Start() => new() { ["type"] = "message_start", ["message"] = Message() };

    /// <summary>Adds a part of the answer, or its end.</summary>
    /// <param name="update">The part.</param>
    /// <param name="events">Gets the events.</param>
    public void Add(ChatUpdate update, List<JsonObject> events)
    {
        switch (update.Part)
        {
            case AnswerText text: AddText(text.Text, events); break;
            // A text that looks like a call and is none must not be lost.
            case AnswerMalformedCall call:
                _warnings.Add($"A text begins as a call and is none: {call.Reason}");
                if (_call is not null) EndCall([], events);
                if (call.Text.Length > 0) AddText(call.Text, events);
                break;
            case AnswerReasoning reasoning: AddThinking(reasoning.Text, events); break;
            case AnswerToolCallBegin begin: BeginCall(begin.Id, begin.Name, events); break;
            case AnswerToolCallArguments arguments: AddArguments(arguments.Text, events); break;
            case AnswerToolCall { Call: var call }: AddCall(call, events); break;
        }

        if (update.Finish is not { } finish) return;
        Close(events);
        _finish = finish;
        events.Add(WithWarnings(new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject
            {
                ["stop_reason"] = StopReason(),
                ["stop_sequence"] = finish.StopText,
                ["stop_details"] = null,
                ["container"] = null,
            },
            ["usage"] = Usage(),
        }));
        events.Add(new JsonObject { ["type"] = "message_stop" });
    }

    private void AddText(string text, List<JsonObject> events)
    {
        Open("text", new JsonObject { ["type"] = "text", ["text"] = "", ["citations"] = null }, events);
        _text.Append(text);
        events.Add(Delta(new JsonObject { ["type"] = "text_delta", ["text"] = text }));
    }

    private void AddThinking(string text, List<JsonObject> events)
    {
        Open("thinking", new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" }, events);
        if (request.OmitsThinking) return;
        _text.Append(text);
        events.Add(Delta(new JsonObject { ["type"] = "thinking_delta", ["thinking"] = text }));
    }

    // Complete. A message that is not streamed has none that are not, since an input is an object.
    private void AddCall(ToolCall call, List<JsonObject> events)
    {
        if (_call is null)
        {
            BeginCall(call.Id, call.Name, events);
            AddArguments(call.Arguments, events);
        }

        EndCall(JsonNode.Parse(call.Arguments)!.AsObject(), events);
    }

    private void BeginCall(string id, string name, List<JsonObject> events)
    {
        Close(events);
        _call = new JsonObject
        {
            ["type"] = "tool_use",
            ["id"] = id,
            ["name"] = name,
            ["input"] = new JsonObject(),
            ["caller"] = new JsonObject { ["type"] = "direct" },
        };
        events.Add(new JsonObject { ["type"] = "content_block_start", ["index"] = _content.Count, ["content_block"] = _call.DeepClone() });
    }

    private void AddArguments(string text, List<JsonObject> events) =>
        events.Add(Delta(new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = text }));

    private void EndCall(JsonObject input, List<JsonObject> events)
    {
        events.Add(new JsonObject { ["type"] = "content_block_stop", ["index"] = _content.Count });
        _call!["input"] = input;
        _content.Add((JsonNode)_call);
        _call = null;
    }

    private void Open(string type, JsonObject block, List<JsonObject> events)
    {
        if (_open == type) return;
        Close(events);
        _open = type;
        events.Add(new JsonObject { ["type"] = "content_block_start", ["index"] = _content.Count, ["content_block"] = block });
    }

    private void Close(List<JsonObject> events)
    {
        if (_open is not { } type) return;
        var block = new JsonObject { ["type"] = type, [type] = _text.ToString() };
        if (type == "text")
        {
            block["citations"] = null;
        }
        else
        {
            block["signature"] = Signature;
            events.Add(Delta(new JsonObject { ["type"] = "signature_delta", ["signature"] = Signature }));
        }

        events.Add(new JsonObject { ["type"] = "content_block_stop", ["index"] = _content.Count });
        _content.Add((JsonNode)block);
        _text.Clear();
        _open = null;
    }

    private JsonObject WithWarnings(JsonObject json)
    {
        if (_warnings.Count > 0) json["warnings"] = new JsonArray([.. _warnings]);
        return json;
    }

    private JsonObject Delta(JsonObject delta) => new() { ["type"] = "content_block_delta", ["index"] = _content.Count, ["delta"] = delta };

    // The answer ended before its limit: the context is full.
    private string? StopReason() => _finish switch
    {
        null => null,
        { Reason: ChatFinishReason.ToolCalls } => "tool_use",
        { Reason: ChatFinishReason.Length } finish =>
            finish.Usage.GeneratedTokens < request.Generation.MaxTokens ? "model_context_window_exceeded" : "max_tokens",
        { StopText: not null } => "stop_sequence",
        _ => "end_turn",
    };

    // Tokens of the prompt are counted once: those of the cache apart. It is known at the end what they were.
    private JsonObject Usage() => new()
    {
        ["input_tokens"] = promptTokens - (_finish?.Usage.CachedTokens ?? 0),
        ["cache_creation_input_tokens"] = 0,
        ["cache_read_input_tokens"] = _finish?.Usage.CachedTokens ?? 0,
        ["output_tokens"] = _finish?.Usage.GeneratedTokens ?? 0,
        ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = _finish?.ReasoningTokens ?? 0 },
        ["cache_creation"] = null,
        ["server_tool_use"] = null,
        ["service_tier"] = "standard",
        ["inference_geo"] = null,
        ["speed"] = null,
    };
}
