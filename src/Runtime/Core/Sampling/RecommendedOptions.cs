using ArchGen.Gguf;

namespace ArchGen.Runtime.Sampling;

/// <summary>Reads the sampling that a GGUF file recommends.</summary>
internal static class RecommendedOptions
{
    public static SamplerOptions Of(GgufMetadata metadata)
    {
        const string prefix = "general.sampling.";
        var usual = new SamplerOptions();
        return usual with
        {
            Chain = metadata.GetStringOrNull(prefix + "sequence") is { Length: > 0 } names ? SamplerChain.Parse(names) : usual.Chain,
            Temperature = metadata.GetSingleOrNull(prefix + "temp") ?? usual.Temperature,
            TopK = metadata.GetInt32OrNull(prefix + "top_k") ?? usual.TopK,
            TopP = metadata.GetSingleOrNull(prefix + "top_p") ?? usual.TopP,
            MinP = metadata.GetSingleOrNull(prefix + "min_p") ?? usual.MinP,
            XtcProbability = metadata.GetSingleOrNull(prefix + "xtc_probability") ?? usual.XtcProbability,
            XtcThreshold = metadata.GetSingleOrNull(prefix + "xtc_threshold") ?? usual.XtcThreshold,
            RepetitionPenalty = metadata.GetSingleOrNull(prefix + "penalty_repeat") ?? usual.RepetitionPenalty,
            RepetitionWindow = metadata.GetInt32OrNull(prefix + "penalty_last_n") ?? usual.RepetitionWindow,
            Mirostat = metadata.GetInt32OrNull(prefix + "mirostat") ?? usual.Mirostat,
            MirostatTau = metadata.GetSingleOrNull(prefix + "mirostat_tau") ?? usual.MirostatTau,
            MirostatEta = metadata.GetSingleOrNull(prefix + "mirostat_eta") ?? usual.MirostatEta,
            LogitBias = Suppressed(metadata),
        };
    }

    private static Dictionary<int, float> Suppressed(GgufMetadata metadata)
    {
        var biases = new Dictionary<int, float>();
        foreach (var token in metadata.GetInt32sOrNull("tokenizer.ggml.suppress_tokens") ?? []) biases[token] = float.NegativeInfinity;
        return biases;
    }
}
