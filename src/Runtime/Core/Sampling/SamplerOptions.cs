using ArchGen.Gguf;

namespace ArchGen.Runtime.Sampling;

/// <summary>
/// The choice of the next token. The steps are applied in this order: logit bias, penalties, top-k, typical, top-p, min-p, temperature; the defaults are
/// llama.cpp's, so that a model behaves as its users know it.
/// </summary>
public sealed record SamplerOptions
{
    /// <summary>The options that a model's file recommends (<c>general.sampling.*</c>); the defaults for all others.</summary>
    /// <exception cref="RequestException">A key has a value of another kind.</exception>
    public static SamplerOptions Of(GgufMetadata metadata)
    {
        const string prefix = "general.sampling.";
        var usual = new SamplerOptions();
        return usual with
        {
            Temperature = metadata.GetSingleOrNull(prefix + "temp") ?? usual.Temperature,
            TopK = metadata.GetInt32OrNull(prefix + "top_k") ?? usual.TopK,
            TopP = metadata.GetSingleOrNull(prefix + "top_p") ?? usual.TopP,
            MinP = metadata.GetSingleOrNull(prefix + "min_p") ?? usual.MinP,
            RepetitionPenalty = metadata.GetSingleOrNull(prefix + "penalty_repeat") ?? usual.RepetitionPenalty,
            RepetitionWindow = metadata.GetInt32OrNull(prefix + "penalty_last_n") ?? usual.RepetitionWindow,
        };
    }

    /// <summary>Divides the logits, at least 0. Defaults to 0.8. 0 always takes the likeliest token, of equals the one with the lowest id.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keeps this many of the likeliest tokens, at least 0. Defaults to 40. 0 keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>
    /// Keeps the likeliest tokens until their probabilities reach this sum, 0 to 1 (nucleus sampling, arXiv:1904.09751). Defaults to 0.95. 1 keeps all.
    /// </summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keeps tokens at least this fraction as likely as the likeliest, 0 to 1 (arXiv:2407.01082). Defaults to 0.05. 0 keeps all.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>
    /// Keeps the tokens whose information is closest to the entropy, until their probabilities exceed this sum, 0 to 1 (arXiv:2202.00666). Defaults to 1,
    /// which keeps all.
    /// </summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>
    /// Divides positive and multiplies negative logits of tokens that occurred, above 0 (arXiv:1909.05858). Defaults to 1, which changes nothing.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>The number of last tokens that the three penalties look at. Defaults to 64. 0 is none, -1 all.</summary>
    public int RepetitionWindow { get; init; } = 64;

    /// <summary>Subtracted from a token's logit for each time it occurred. Defaults to 0.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted from a token's logit if it occurred. Defaults to 0.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>The seed of the random numbers. The same seed gives the same choices on every machine. By default (null) each sampler draws its own.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Added to the logits of tokens, by id; negative infinity forbids a token. Empty by default.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <exception cref="RequestException">A value is out of its range.</exception>
    internal void Validate(int vocabularySize)
    {
        Require(Temperature >= 0 && float.IsFinite(Temperature), "temperature", Temperature, "a number from 0 (always the likeliest token) upwards");
        Require(TopK >= 0, "top-k", TopK, "a count from 0 (all tokens) upwards");
        Require(TopP is >= 0 and <= 1, "top-p", TopP, "a probability from 0 to 1 (all tokens)");
        Require(MinP is >= 0 and <= 1, "min-p", MinP, "a fraction from 0 (all tokens) to 1");
        Require(TypicalP is >= 0 and <= 1, "typical-p", TypicalP, "a probability from 0 to 1 (all tokens)");
        Require(RepetitionPenalty > 0 && float.IsFinite(RepetitionPenalty), "repetition penalty", RepetitionPenalty, "a number above 0; 1 changes nothing");
        Require(RepetitionWindow >= -1, "repetition window", RepetitionWindow, "a count of tokens, 0 for none or -1 for all");
        Require(float.IsFinite(FrequencyPenalty), "frequency penalty", FrequencyPenalty, "a finite number; 0 changes nothing");
        Require(float.IsFinite(PresencePenalty), "presence penalty", PresencePenalty, "a finite number; 0 changes nothing");
        foreach (var (token, bias) in LogitBias)
        {
            Require(token >= 0 && token < vocabularySize, "token of a logit bias", token, $"an id from 0 to {vocabularySize - 1}");
            Require(bias < float.PositiveInfinity, $"logit bias of token {token}", bias, "a finite number, or negative infinity to forbid the token");
        }
    }

    private static void Require(bool isValid, string what, double found, string expected)
    {
        if (!isValid)
        {
            throw new RequestException(FormattableString.Invariant($"The {what} is {found}; expected is {expected}."));
        }
    }
}
