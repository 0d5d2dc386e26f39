using System.Text.Json;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;

namespace ArchGen.Server.OpenAI;

/// <summary>A request that continues prompts.</summary>
/// <param name="Prompts">The prompts, each with how it is continued.</param>
/// <param name="Sampling">The sampler of all.</param>
internal sealed record CompletionCall(IReadOnlyList<GenerationRequest> Prompts, SamplerOptions Sampling)
{
    private const int MaxChoices = 128;

    /// <summary>The number of answers to each prompt.</summary>
    public int Answers => Prompts[0].Answers;

    /// <summary>Whether the answer comes as events.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether the last event has the tokens of the answer.</summary>
    public bool IncludesUsage { get; init; }

    /// <summary>The likeliest tokens to list for each token; null if no probabilities are wanted.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestException">A field is wrong, or asks for what cannot be done.</exception>
    public static CompletionCall Read(in JsonFields fields, ServedModel model)
    {
        Refuse(fields);
        var (tokenizer, engine) = (model.Model.Tokenizer, model.Engine);
        var logprobs = LogprobsJson.Requested(fields);
        var sampling = SamplingFields.Read(fields, model.Sampling, tokenizer);
        if (logprobs is { } count) sampling = sampling with { ProbabilityCount = Math.Max(count, 1) };
        var request = new GenerationRequest
        {
            Prompt = default,
            MaxTokens = LimitFields.MaxTokens(fields, model) ?? engine.SequenceLength,
            Answers = LimitFields.Answers(fields),
            Sampling = sampling,
            Constraint = model.Constrain(ConstraintFields.Read(fields), computesForced: logprobs is not null),
            StopTexts = LimitFields.StopTexts(fields),
            StopTokens = StopTokens(fields),
            KeepsStopText = fields.Flag("include_stop_str_in_output") ?? false,
            Priority = LimitFields.Priority(fields),
            UsesCache = fields.Flag("cache_prompt") ?? true,
            AdapterSet = AdapterFields.Read(fields, model),
        };
        var prompts = PromptFields.Read(fields, "prompt", tokenizer, parsesSpecial: true);
        if (prompts.Count * request.Answers > MaxChoices)
            throw new RequestException($"{prompts.Count} prompts with {request.Answers} answers each are requested; expected at most {MaxChoices} answers.");
        return new CompletionCall([.. prompts.Select(prompt => request with { Prompt = prompt })], sampling)
        {
            IsStreamed = fields.Flag("stream") ?? false,
            IncludesUsage = fields.Object("stream_options")?.Flag("include_usage") ?? false,
            TopLogprobs = logprobs,
        };
    }

    // The words of llama.cpp, which its users know.
    private static void Refuse(in JsonFields fields)
    {
        RefusedFields.Check(fields);
        if (fields.Flag("echo") == true) throw new RequestException("Only no echo is supported. Put the prompt before the answer yourself.");
        if (fields.Whole("best_of") is not (null or 1)) throw new RequestException("Unsupported param: best_of. Ask for several answers by n, and choose.");
        if (fields.Text("suffix") is { Length: > 0 }) throw new RequestException("Unsupported param: suffix. Use /infill, which takes the text after the gap.");
    }

    private static int[] StopTokens(in JsonFields fields)
    {
        var tokens = new List<int>();
        foreach (var item in fields.Array("stop_token_ids") ?? [])
        {
            var isToken = item.ValueKind == JsonValueKind.Number;
            tokens.Add(isToken && item.TryGetInt32(out var token) ? token : throw fields.Wrong("stop_token_ids", item, "tokens' ids"));
        }

        return [.. tokens];
    }
}
