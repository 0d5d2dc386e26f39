using System.Diagnostics;
using System.Diagnostics.Metrics;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Extensions.AI;

/// <summary>
/// What is measured of answers, by the names of OpenTelemetry's semantic conventions for generative AI. They still change: all of them are here.
/// Source: opentelemetry.io, "Semantic conventions for generative AI metrics" and "... spans" (1.37).
/// </summary>
public static class ArchGenTelemetry
{
    /// <summary>The name of the meter and of the activity source, for <c>AddMeter</c> and <c>AddSource</c>.</summary>
    public const string SourceName = "ArchGen";

    /// <summary>The provider in metadata, metrics and spans.</summary>
    public const string ProviderName = "archgen";

    internal const string Operation = "gen_ai.operation.name";
    internal const string Provider = "gen_ai.provider.name";
    internal const string RequestModel = "gen_ai.request.model";
    internal const string ResponseModel = "gen_ai.response.model";
    internal const string FinishReasons = "gen_ai.response.finish_reasons";
    internal const string InputTokens = "gen_ai.usage.input_tokens";
    internal const string OutputTokens = "gen_ai.usage.output_tokens";
    internal const string TokenType = "gen_ai.token.type";
    internal const string ErrorType = "error.type";
    internal const string ChatOperation = "chat";

    private static readonly Meter Meter = new(SourceName);

    internal static ActivitySource Activities { get; } = new(SourceName);

    internal static Histogram<double> Duration { get; } =
        Meter.CreateHistogram<double>("gen_ai.server.request.duration", "s", "The time from a request to the end of its answer.");

    internal static Histogram<double> TimeToFirstToken { get; } =
        Meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "The time from a request to the first part of its answer.");

    internal static Histogram<double> TimePerToken { get; } =
        Meter.CreateHistogram<double>("gen_ai.server.time_per_output_token", "s", "The time per token of an answer after the first.");

    internal static Histogram<long> TokenUsage { get; } =
        Meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "The tokens of a request and of its answer.");

    /// <summary>Records an answer.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="last">The last event of the answer.</param>
    internal static void RecordAnswer(string model, in GenerationEvent last)
    {
        if (!Duration.Enabled && !TimeToFirstToken.Enabled && !TimePerToken.Enabled && !TokenUsage.Enabled) return;
        var (usage, times) = (last.Usage, last.Times);
        KeyValuePair<string, object?>[] tags = [new(Operation, ChatOperation), new(Provider, ProviderName), new(RequestModel, model)];
        Duration.Record((times.Waiting + times.Prompt + times.Generation).TotalSeconds, tags);
        if (usage.GeneratedTokens > 0) TimeToFirstToken.Record((times.Waiting + times.Prompt).TotalSeconds, tags);
        if (usage.GeneratedTokens > 1) TimePerToken.Record(times.Generation.TotalSeconds / (usage.GeneratedTokens - 1), tags);
        TokenUsage.Record(usage.PromptTokens, [.. tags, new(TokenType, "input")]);
        TokenUsage.Record(usage.GeneratedTokens, [.. tags, new(TokenType, "output")]);
    }
}
