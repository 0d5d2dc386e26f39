using System.Security.Cryptography;
using System.Text.Json;
using ArchGen.Runtime.Sampling;
using ArchGen.Server.Http;
using ArchGen.Tokenizers;

namespace ArchGen.Server.Generation;

/// <summary>Reads the sampler of a request. OpenAI's, Anthropic's and llama.cpp's names for a value are the same where they have one.</summary>
internal static class SamplingFields
{
    /// <summary>
    /// The sampler: the fields of the request, and the model's own for all others. It always has a seed, drawn if the request has none, so that an answer can
    /// tell with which seed it was made.
    /// </summary>
    /// <param name="fields">The request.</param>
    /// <param name="defaults">The sampler of the model.</param>
    /// <param name="tokenizer">The tokenizer, for biases of texts.</param>
    /// <exception cref="RequestException">A value is of a wrong type or out of its range.</exception>
    public static SamplerOptions Read(in JsonFields fields, SamplerOptions defaults, Tokenizer tokenizer) => defaults with
    {
        Chain = Chain(fields) ?? defaults.Chain,
        Temperature = fields.Number("temperature", 0) ?? defaults.Temperature,
        TemperatureRange = fields.Number("dynatemp_range", 0) ?? defaults.TemperatureRange,
        TemperatureExponent = fields.Number("dynatemp_exponent", 0) ?? defaults.TemperatureExponent,
        TopK = Math.Max(fields.Whole("top_k") ?? defaults.TopK, 0),
        TopP = fields.Number("top_p", 0, 1) ?? defaults.TopP,
        MinP = fields.Number("min_p", 0, 1) ?? defaults.MinP,
        TypicalP = fields.Number("typical_p", 0, 1) ?? defaults.TypicalP,
        TopNSigma = fields.Number("top_n_sigma") ?? defaults.TopNSigma,
        XtcProbability = fields.Number("xtc_probability", 0, 1) ?? defaults.XtcProbability,
        XtcThreshold = fields.Number("xtc_threshold", 0) ?? defaults.XtcThreshold,
        MinKeep = fields.Whole("min_keep", 0) ?? defaults.MinKeep,
        RepetitionPenalty = fields.Number("repeat_penalty") ?? fields.Number("repetition_penalty") ?? defaults.RepetitionPenalty,
        RepetitionWindow = fields.Whole("repeat_last_n", -1) ?? defaults.RepetitionWindow,
        FrequencyPenalty = fields.Number("frequency_penalty") ?? defaults.FrequencyPenalty,
        PresencePenalty = fields.Number("presence_penalty") ?? defaults.PresencePenalty,
        DryMultiplier = fields.Number("dry_multiplier", 0) ?? defaults.DryMultiplier,
        DryBase = Math.Max(fields.Number("dry_base") ?? defaults.DryBase, 1),
        DryAllowedLength = fields.Whole("dry_allowed_length", 0) ?? defaults.DryAllowedLength,
        DryWindow = fields.Whole("dry_penalty_last_n", -1) ?? defaults.DryWindow,
        DryBreakers = fields.Texts("dry_sequence_breakers") ?? defaults.DryBreakers,
        Mirostat = fields.Whole("mirostat", 0, 2) ?? defaults.Mirostat,
        MirostatTau = fields.Number("mirostat_tau", 0) ?? defaults.MirostatTau,
        MirostatEta = fields.Number("mirostat_eta", 0) ?? defaults.MirostatEta,
        AdaptiveTarget = fields.Number("adaptive_target") ?? defaults.AdaptiveTarget,
        AdaptiveDecay = fields.Number("adaptive_decay", 0, 0.99f) ?? defaults.AdaptiveDecay,
        Seed = Seed(fields) ?? defaults.Seed ?? (uint)RandomNumberGenerator.GetInt32(int.MaxValue),
        LogitBias = Biases(fields, defaults.LogitBias, tokenizer),
        IgnoreEndOfGeneration = fields.Flag("ignore_eos") ?? defaults.IgnoreEndOfGeneration,
    };

    // -1 means any seed, as in llama.cpp; so does its unsigned form.
    private static uint? Seed(in JsonFields fields)
    {
        if (fields.Any("seed") is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var seed)) throw fields.Wrong("seed", value, "a whole number");
        return seed is -1 or uint.MaxValue ? null : unchecked((uint)seed);
    }

    private static IReadOnlyList<SamplerStep>? Chain(in JsonFields fields)
    {
        if (fields.Any("samplers") is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? SamplerChain.ParseLetters(value.GetString()!)
            : SamplerChain.Parse(string.Join(';', fields.Texts("samplers")!));
    }

    // An object {"id or text": bias}, or pairs [[id or text, bias], ...]; false forbids.
    private static IReadOnlyDictionary<int, float> Biases(in JsonFields fields, IReadOnlyDictionary<int, float> defaults, Tokenizer tokenizer)
    {
        if (fields.Any("logit_bias") is not { } value) return defaults;
        var biases = defaults.ToDictionary();
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                var isId = int.TryParse(property.Name, out var id);
                Add(fields, biases, tokenizer, isId ? id : null, property.Name, property.Value);
            }

            return biases;
        }

        if (value.ValueKind != JsonValueKind.Array) throw fields.Wrong("logit_bias", value, "an object or an array of pairs");
        foreach (var pair in value.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2) throw fields.Wrong("logit_bias", pair, "pairs such as [42, -1.5]");
            var isId = pair[0].ValueKind == JsonValueKind.Number;
            if (!isId && pair[0].ValueKind != JsonValueKind.String) throw fields.Wrong("logit_bias", pair[0], "a token's id or a text");
            Add(fields, biases, tokenizer, isId && pair[0].TryGetInt32(out var id) ? id : null, isId ? "" : pair[0].GetString()!, pair[1]);
        }

        return biases;
    }

    private static void Add(
        in JsonFields fields, Dictionary<int, float> biases, Tokenizer tokenizer, int? id, string text, JsonElement bias)
    {
        var value = bias.ValueKind switch
        {
            JsonValueKind.False => float.NegativeInfinity,
            JsonValueKind.Number => bias.GetSingle(),
            _ => throw fields.Wrong("logit_bias", bias, "a number, or false to forbid"),
        };
        ReadOnlySpan<int> tokens = id is { } one ? [one] : tokenizer.Encode(text, addSpecial: false, parseSpecial: true);
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)tokenizer.Vocabulary.Count)
                throw new RequestException($"'{fields.At("logit_bias")}' has token {token}; expected 0 to {tokenizer.Vocabulary.Count - 1}.");
            biases[token] = value;
        }
    }
}
