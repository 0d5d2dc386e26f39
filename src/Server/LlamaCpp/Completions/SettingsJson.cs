using System.Text.Json.Nodes;
using ArchGen.Runtime.Sampling;
using ArchGen.Server.Generation;
using ArchGen.Server.Models;

namespace ArchGen.Server.LlamaCpp.Completions;

/// <summary>Writes how an answer is generated: <c>generation_settings</c>, and <c>params</c> of slots and defaults.</summary>
internal static class SettingsJson
{
    /// <summary>The settings of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model.</param>
    public static JsonObject Of(CompletionRequest request, ServedModel model)
    {
        var json = Sampling(request.Sampling);
        json["dry_sequence_breakers"] = Texts(request.Sampling.DryBreakers);
        json["stop"] = Texts(request.Generation.StopTexts);
        json["max_tokens"] = request.MaxTokens;
        json["n_predict"] = request.MaxTokens;
        json["n_keep"] = request.KeptTokens;
        json["n_discard"] = 0;
        json["stream"] = request.IsStream;
        json["logit_bias"] = Biases(request.Sampling, model);
        json["grammar"] = request.Grammar;
        json["grammar_lazy"] = false;
        json["timings_per_token"] = request.HasTimingsPerToken;
        json["lora"] = AdapterFields.Json(request.Generation.AdapterSet, model);
        return json;
    }

    /// <summary>The settings of a request that says nothing.</summary>
    public static JsonObject Defaults(ServedModel model)
    {
        var json = Sampling(model.Sampling);
        json["dry_sequence_breakers"] = Texts(model.Sampling.DryBreakers);
        json["max_tokens"] = model.Options.MaxTokens ?? -1;
        json["n_predict"] = model.Options.MaxTokens ?? -1;
        json["n_keep"] = 0;
        json["n_discard"] = 0;
        json["stop"] = new JsonArray();
        json["stream"] = true;
        json["logit_bias"] = Biases(model.Sampling, model);
        json["grammar"] = "";
        json["timings_per_token"] = false;
        json["lora"] = AdapterFields.Json(0, model);
        return json;
    }

    // No seed means a new one for each answer, which llama.cpp writes as the largest number.
    private static JsonObject Sampling(SamplerOptions options) => new()
    {
        ["seed"] = options.Seed ?? uint.MaxValue,
        ["temperature"] = options.Temperature,
        ["dynatemp_range"] = options.TemperatureRange,
        ["dynatemp_exponent"] = options.TemperatureExponent,
        ["top_k"] = options.TopK,
        ["top_p"] = options.TopP,
        ["min_p"] = options.MinP,
        ["top_n_sigma"] = options.TopNSigma,
        ["xtc_probability"] = options.XtcProbability,
        ["xtc_threshold"] = options.XtcThreshold,
        ["typical_p"] = options.TypicalP,
        ["repeat_last_n"] = options.RepetitionWindow,
        ["repeat_penalty"] = options.RepetitionPenalty,
        ["presence_penalty"] = options.PresencePenalty,
        ["frequency_penalty"] = options.FrequencyPenalty,
        ["dry_multiplier"] = options.DryMultiplier,
        ["dry_base"] = options.DryBase,
        ["dry_allowed_length"] = options.DryAllowedLength,
        ["dry_penalty_last_n"] = options.DryWindow,
        ["mirostat"] = options.Mirostat,
        ["mirostat_tau"] = options.MirostatTau,
        ["mirostat_eta"] = options.MirostatEta,
        ["adaptive_target"] = options.AdaptiveTarget,
        ["adaptive_decay"] = options.AdaptiveDecay,
        ["ignore_eos"] = options.IgnoreEndOfGeneration,
        ["n_probs"] = options.ProbabilityCount,
        ["min_keep"] = options.MinKeep,
        ["samplers"] = Texts(options.Chain.Select(step => SamplerChain.Format([step]))),
        ["post_sampling_probs"] = options.ProbabilitiesAfterSampling,
    };

    // JSON has no infinity: null stands for it.
    private static JsonArray Biases(SamplerOptions options, ServedModel model)
    {
        IEnumerable<KeyValuePair<int, float>> biases = options.LogitBias;
        if (options.IgnoreEndOfGeneration)
        {
            var ends = model.Model.Tokenizer.Vocabulary.EndOfGeneration.Order().Where(token => !options.LogitBias.ContainsKey(token));
            biases = biases.Concat(ends.Select(token => KeyValuePair.Create(token, float.NegativeInfinity)));
        }

        return new JsonArray([.. biases.Select(bias => new JsonObject
        {
            ["bias"] = float.IsFinite(bias.Value) ? bias.Value : null,
            ["token"] = bias.Key,
        })]);
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
