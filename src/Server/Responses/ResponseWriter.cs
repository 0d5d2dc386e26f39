using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Conversations;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Tokenizers;
using AnswerText = ArchGen.Chat.Answers.AnswerText;

namespace ArchGen.Server.Responses;

/// <summary>Writes an answer as a response of OpenAI's API, and as the events that make it.</summary>
/// <param name="request">The request.</param>
/// <param name="echo">What the response repeats of it.</param>
/// <param name="warnings">What was found odd in the request: a field of its own, if there is anything.</param>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="clock">The clock.</param>
internal sealed class ResponseWriter(
    ResponsesRequest request, JsonObject echo, IReadOnlyList<string> warnings, Tokenizer tokenizer, TimeProvider clock)
{
    private readonly string _id = Identifier.New("resp_");
    private readonly long _created = clock.GetUtcNow().ToUnixTimeSeconds();
    private readonly JsonArray _output = [];
    private readonly StringBuilder _text = new();
    private readonly ResponseLogprobs? _logprobs = request.HasLogprobs ? new ResponseLogprobs(tokenizer, request.LogprobCount) : null;
    private readonly List<string> _warnings = [.. warnings];
    private PartForm? _open;
    private ResponseCall? _call;
    private string _openId = "";
    private ChatFinish? _finish;
    private JsonObject? _timings;
    private int _sequence;

    /// <summary>The response so far.</summary>
    public JsonObject Response() => Response(_finish is null ? "in_progress" : IsCut ? "incomplete" : "completed", error: null);

    /// <summary>Adds the first events.</summary>
    public void Begin(List<JsonObject> events)
    {
        events.Add(Event("response.created", new() { ["response"] = Response() }));
        events.Add(Event("response.in_progress", new() { ["response"] = Response() }));
    }

    /// <summary>Adds a part of the answer, or its end.</summary>
    /// <param name="update">The part.</param>
    /// <param name="events">Gets the events.</param>
    public void Add(ChatUpdate update, List<JsonObject> events)
    {
        if (update.Token is { } token) AddToken(token, events);
        switch (update.Part)
        {
            case AnswerText text: AddText(PartForm.Message, text.Text, events); break;
            // A text that looks like a call and is none must not be lost.
            case AnswerMalformedCall call:
                _warnings.Add($"A text begins as a call and is none: {call.Reason}");
                if (_call is not null) EndCall("incomplete", events);
                if (call.Text.Length > 0) AddText(PartForm.Message, call.Text, events);
                break;
            case AnswerReasoning reasoning: AddText(request.HasSummary ? PartForm.Summary : PartForm.Reasoning, reasoning.Text, events); break;
            case AnswerToolCallBegin begin: BeginCall(begin, events); break;
            case AnswerToolCallArguments { Text: var text }: AddArguments(text, events); break;
            case AnswerToolCall: EndCall("completed", events); break;
        }

        if (update.Finish is not { } finish) return;
        _finish = finish;
        Close(IsCut ? "incomplete" : "completed", events);
        var end = Event(IsCut && !request.IsOfLlamaCpp ? "response.incomplete" : "response.completed", new() { ["response"] = Response() });
        if (request.IsOfLlamaCpp) end["timings"] = TimingsJson.Of(finish.Usage, finish.Times);
        events.Add(end);
    }

    /// <summary>The last event if the answer fails.</summary>
    public JsonObject Failed(ApiError error)
    {
        var code = error.Kind switch
        {
            ErrorKind.TooManyRequests => "rate_limit_exceeded",
            ErrorKind.InvalidRequest or ErrorKind.ContextFull => "invalid_prompt",
            _ => "server_error",
        };
        var response = Response("failed", new JsonObject { ["code"] = code, ["message"] = error.Message });
        return Event("response.failed", new() { ["response"] = response });
    }

    private bool IsCut => _finish?.Reason == ChatFinishReason.Length;

    private JsonObject Response(string status, JsonObject? error)
    {
        var response = new JsonObject
        {
            ["id"] = _id,
            ["object"] = "response",
            ["created_at"] = _created,
            ["completed_at"] = status == "completed" ? clock.GetUtcNow().ToUnixTimeSeconds() : null,
            ["status"] = status,
            ["error"] = error,
            ["incomplete_details"] = IsCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["output"] = _output.DeepClone(),
            ["usage"] = _finish is { } finish ? Usage(finish) : null,
        };
        foreach (var (name, value) in echo) response[name] = value?.DeepClone();
        if (_warnings.Count > 0) response["warnings"] = new JsonArray([.. _warnings]);
        return response;
    }

    private static JsonObject Usage(ChatFinish finish) => new()
    {
        ["input_tokens"] = finish.Usage.PromptTokens,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = finish.Usage.CachedTokens },
        ["output_tokens"] = finish.Usage.GeneratedTokens,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = finish.ReasoningTokens },
        ["total_tokens"] = finish.Usage.PromptTokens + finish.Usage.GeneratedTokens,
    };

    // llama.cpp's additions.
    private void AddToken(in GenerationEvent token, List<JsonObject> events)
    {
        if (token.ComputedPromptTokens is null) _logprobs?.Add(token);
        _timings = request.HasTimings ? TimingsJson.Of(token.Usage, token.Times) : null;
        if (token.ComputedPromptTokens is not { } computed) return;
        var progress = Event("response.in_progress", new() { ["response"] = Response() });
        progress["prompt_progress"] = TimingsJson.Progress(token, computed);
        events.Add(progress);
    }

    private void AddText(PartForm form, string text, List<JsonObject> events)
    {
        if (_open != form) Open(form, events);
        _text.Append(text);
        var delta = PartEvent($"response.{form.Text}.delta", form, new() { ["delta"] = text });
        if (form == PartForm.Message) delta["logprobs"] = _logprobs?.TakeNew() ?? [];
        else _logprobs?.Drop();
        if (_timings is not null) delta["timings"] = _timings.DeepClone();
        events.Add(delta);
    }

    private void Open(PartForm form, List<JsonObject> events)
    {
        Close("completed", events);
        (_open, _openId) = (form, Identifier.New(form.Prefix));
        events.Add(ItemEvent("response.output_item.added", Item(form, "in_progress", part: null)));
        events.Add(PartEvent($"response.{form.Part}.added", form, new() { ["part"] = Part(form) }));
    }

    private void Close(string status, List<JsonObject> events)
    {
        if (_open is not { } form) return;
        var done = PartEvent($"response.{form.Text}.done", form, new() { ["text"] = _text.ToString() });
        if (form == PartForm.Message) done["logprobs"] = _logprobs?.All() ?? [];
        events.Add(done);
        events.Add(PartEvent($"response.{form.Part}.done", form, new() { ["part"] = Part(form) }));
        var item = Item(form, status, Part(form));
        events.Add(ItemEvent("response.output_item.done", item));
        _output.Add(item.DeepClone());
        _text.Clear();
        _logprobs?.Clear();
        _open = null;
    }

    private void BeginCall(AnswerToolCallBegin call, List<JsonObject> events)
    {
        Close("completed", events);
        _logprobs?.Drop();
        _call = new ResponseCall(call.Id, call.Name);
        events.Add(ItemEvent("response.output_item.added", _call.Item("in_progress")));
    }

    private void AddArguments(string text, List<JsonObject> events)
    {
        _call!.Add(text);
        events.Add(Event("response.function_call_arguments.delta", _call.Place(_output.Count, "delta", text)));
    }

    private void EndCall(string status, List<JsonObject> events)
    {
        _logprobs?.Drop();
        var done = _call!.Place(_output.Count, "arguments", _call.Arguments);
        done["name"] = _call.Name;
        events.Add(Event("response.function_call_arguments.done", done));
        var item = _call.Item(status);
        events.Add(ItemEvent("response.output_item.done", item));
        _output.Add(item.DeepClone());
        _call = null;
    }

    private JsonObject Item(PartForm form, string status, JsonObject? part)
    {
        var item = new JsonObject { ["id"] = _openId, ["type"] = form.Item, ["status"] = status };
        if (form == PartForm.Message) item["role"] = "assistant";
        else item["summary"] = new JsonArray();
        item["content"] = new JsonArray();
        if (form != PartForm.Message) item["encrypted_content"] = null;
        if (part is not null) item[form.List] = new JsonArray(part);
        return item;
    }

    private JsonObject Part(PartForm form)
    {
        var part = new JsonObject { ["type"] = form.Type, ["text"] = _text.ToString() };
        if (form != PartForm.Message) return part;
        part["annotations"] = new JsonArray();
        part["logprobs"] = _logprobs?.All() ?? [];
        return part;
    }

    private JsonObject ItemEvent(string type, JsonNode item) => Event(type, new() { ["output_index"] = _output.Count, ["item"] = item });

    private JsonObject PartEvent(string type, PartForm form, JsonObject fields)
    {
        fields["item_id"] = _openId;
        fields["output_index"] = _output.Count;
        fields[form.Index] = 0;
        return Event(type, fields);
    }

    private JsonObject Event(string type, JsonObject fields)
    {
        fields["type"] = type;
        fields["sequence_number"] = _sequence++;
        return fields;
    }
}
