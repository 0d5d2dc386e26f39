using System.Text.Json;
using System.Text.Json.Nodes;

namespace ArchGen.CommandLine.Serving;

/// <summary>The events of one answer with the times at which they came.</summary>
internal sealed class LoadEvents
{
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly List<TimeSpan> _gaps = [];
    private TimeSpan? _first;
    private long _last;
    private int _texts;
    private int? _prompt, _answer;
    private int _cached;

    /// <summary>Begins to measure.</summary>
    public LoadEvents(TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
    }

    /// <summary>Adds the data of an event; returns its error, or null if it has none.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public string? Add(string data)
    {
        var node = JsonNode.Parse(data) as JsonObject;
        if (Error(node) is { } error) return error;
        if (node?["usage"] is JsonObject usage) AddUsage(usage);
        if (node?["choices"] is JsonArray { Count: > 0 } choices && choices.Any(HasText)) AddText();
        return null;
    }

    /// <summary>The result of an answer that is complete.</summary>
    public LoadResult Finish() => Result() with { AnswerTokens = _answer ?? _texts };

    /// <summary>The result of one that failed.</summary>
    public LoadResult Fail(string error) => Result() with { Error = error };

    /// <summary>The text of an error object; null if there is none.</summary>
    public static string? Error(JsonNode? node) => node is not JsonObject { } fields || fields["error"] is not { } error ? null
        : error is JsonObject inner && inner["message"] is JsonValue text ? text.ToString() : error.ToJsonString();

    private LoadResult Result()
    {
        var end = _clock.GetTimestamp();
        return new LoadResult(_start, end)
        {
            Latency = _clock.GetElapsedTime(_start, end), FirstToken = _first, Gaps = _gaps, PromptTokens = _prompt, CachedTokens = _cached,
        };
    }

    private void AddText()
    {
        var now = _clock.GetTimestamp();
        if (_first is null) _first = _clock.GetElapsedTime(_start, now);
        else _gaps.Add(_clock.GetElapsedTime(_last, now));
        _last = now;
        _texts++;
    }

    private void AddUsage(JsonObject usage)
    {
        _prompt = Number(usage["prompt_tokens"]) ?? _prompt;
        _answer = Number(usage["completion_tokens"]) ?? _answer;
        _cached = Number(usage["prompt_tokens_details"] is JsonObject details ? details["cached_tokens"] : null) ?? _cached;
    }

    // The first event often has a role and no text.
    private static bool HasText(JsonNode? choice)
    {
        if (choice is not JsonObject fields) return false;
        if (IsText(fields["text"])) return true;
        return fields["delta"] is JsonObject delta && (IsText(delta["content"]) || IsText(delta["reasoning_content"]) || IsText(delta["reasoning"])
            || delta["tool_calls"] is JsonArray { Count: > 0 });
    }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0;

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
