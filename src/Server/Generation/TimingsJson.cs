using System.Text.Json.Nodes;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Server.Generation;

/// <summary>How long an answer took, as llama.cpp's server writes it.</summary>
internal static class TimingsJson
{
    /// <summary>The object <c>timings</c>.</summary>
    /// <param name="usage">The tokens of the answer.</param>
    /// <param name="times">How long it took.</param>
    public static JsonObject Of(GenerationUsage usage, GenerationTimes times)
    {
        var json = new JsonObject { ["cache_n"] = usage.CachedTokens };
        Add(json, "prompt", usage.PromptTokens - usage.CachedTokens, times.Prompt);
        Add(json, "predicted", usage.GeneratedTokens, times.Generation);
        json["queue_ms"] = times.Waiting.TotalMilliseconds;
        return json;
    }

    /// <summary>The object <c>prompt_progress</c>.</summary>
    /// <param name="token">The event that reports it.</param>
    /// <param name="computed">Tokens of the prompt that are computed or were cached.</param>
    public static JsonObject Progress(in GenerationEvent token, int computed) => new()
    {
        ["total"] = token.Usage.PromptTokens,
        ["cache"] = token.Usage.CachedTokens,
        ["processed"] = computed,
        // Whole, as llama.cpp has it.
        ["time_ms"] = (long)token.Times.Prompt.TotalMilliseconds,
    };

    // JSON has no infinity: what took no time has a rate of 0.
    private static void Add(JsonObject json, string name, int tokens, TimeSpan time)
    {
        json[$"{name}_n"] = tokens;
        json[$"{name}_ms"] = time.TotalMilliseconds;
        json[$"{name}_per_token_ms"] = tokens == 0 ? 0 : time.TotalMilliseconds / tokens;
        json[$"{name}_per_second"] = time == TimeSpan.Zero ? 0 : tokens / time.TotalSeconds;
    }
}
