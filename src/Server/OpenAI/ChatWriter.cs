using System.Text.Json.Nodes;
using ArchGen.Chat.Conversations;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Server.Models;

namespace ArchGen.Server.OpenAI;

/// <summary>Writes the answers to one request, whole or as events.</summary>
internal sealed class ChatWriter
{
    private readonly ChatCall _call;
    private readonly AnswerHeader _header;
    private readonly ChatChoice[] _choices;
    private readonly List<string> _warnings;
    private readonly string _prompt;
    private int _ended;

    /// <summary>Begins the answers.</summary>
    /// <param name="call">The request.</param>
    /// <param name="model">The model.</param>
    /// <param name="prompt">What the model reads.</param>
    /// <param name="warnings">The lines that clients should see.</param>
    public ChatWriter(ChatCall call, ServedModel model, string prompt, List<string> warnings)
    {
        (_call, _prompt, _warnings) = (call, prompt, warnings);
        var kind = call.IsStreamed ? "chat.completion.chunk" : "chat.completion";
        _header = new AnswerHeader(kind, "chatcmpl-", model.Id, model.Service.Options.Clock.GetUtcNow());
        _choices = [.. Enumerable.Range(0, call.Generation.Answers).Select(index => new ChatChoice(index, call, model.Chat, warnings))];
        if (call.Conversation.Tools.Count > 0 && !model.Chat.Template.CanCallTools)
            warnings.Add("The model's chat template does not write calls of tools, so the model calls none.");
    }

    /// <summary>The id of the answer.</summary>
    public string Id => _header.Id;

    /// <summary>The events before the first token: they tell clients that answers are coming.</summary>
    public IEnumerable<JsonObject> Begin() =>
        _choices.Select(choice => Chunk(choice, new JsonObject { ["role"] = "assistant", ["content"] = null }));

    /// <summary>Takes the next part.</summary>
    /// <returns>The events that tell it; nobody needs them if the answer is not streamed.</returns>
    public IReadOnlyList<JsonObject> Add(ChatUpdate update)
    {
        var choice = _choices[update.Answer];
        if (update.Token is { } token)
        {
            if (token.ComputedPromptTokens is { } computed) return [Progress(token, computed)];
            choice.Add(token);
            return [];
        }

        var events = new List<JsonObject>();
        foreach (var delta in choice.Add(update)) events.Add(Timed(Chunk(choice, delta, _call.IsStreamed ? choice.TakeLogprobs() : null), choice));
        if (update.Finish is not null && _call.IsStreamed) End(choice, events);
        return events;
    }

    /// <summary>The whole answer.</summary>
    public JsonObject ToJson()
    {
        var json = _header.With([.. _choices.Select(choice => choice.ToJson())]);
        json["usage"] = Usage();
        AddRest(json);
        return json;
    }

    private void End(ChatChoice choice, List<JsonObject> events)
    {
        var last = Chunk(choice, [], choice.HasLogprobs ? choice.TakeLogprobs() : null);
        last["choices"]![0]!["finish_reason"] = choice.Reason;
        events.Add(last);
        if (++_ended < _choices.Length) return;
        if (_call.IncludesUsage)
        {
            last = _header.With();
            last["usage"] = Usage();
            events.Add(last);
        }

        AddRest(last);
    }

    private JsonObject Chunk(ChatChoice choice, JsonObject delta, JsonObject? logprobs = null)
    {
        var json = new JsonObject { ["index"] = choice.Index, ["delta"] = delta, ["finish_reason"] = null };
        if (logprobs is not null) json["logprobs"] = logprobs;
        return _header.With(json);
    }

    private JsonObject Timed(JsonObject chunk, ChatChoice choice)
    {
        if (_call.HasTimingsPerToken && choice.LastToken is { } token) chunk["timings"] = TimingsJson.Of(token.Usage, token.Times);
        return chunk;
    }

    private JsonObject Progress(in GenerationEvent token, int computed)
    {
        var json = _header.With();
        json["prompt_progress"] = TimingsJson.Progress(token, computed);
        return json;
    }

    private JsonObject Usage()
    {
        var usage = new UsageJson();
        if (_choices[0].Finish is { } first) usage.AddPrompt(first.Usage.PromptTokens, first.Usage.CachedTokens);
        foreach (var choice in _choices) usage.AddAnswer(choice.Finish?.Usage.GeneratedTokens ?? 0, choice.Finish?.ReasoningTokens ?? 0);
        return usage.ToJson();
    }

    // What OpenAI's API does not have; its clients ignore it.
    private void AddRest(JsonObject json)
    {
        if (_choices[0].Finish is { } finish) json["timings"] = TimingsJson.Of(finish.Usage, finish.Times);
        json["seed"] = _call.Generation.Sampling!.Seed;
        if (_warnings.Count > 0) json["warnings"] = new JsonArray([.. _warnings.Select(line => (JsonNode)line)]);
        if (_call.IsVerbose) json["__verbose"] = new JsonObject { ["prompt"] = _prompt };
    }
}
