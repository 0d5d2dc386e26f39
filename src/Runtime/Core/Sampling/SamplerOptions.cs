using ArchGen.Gguf;

namespace ArchGen.Runtime.Sampling;

/// <summary>
/// The choice of the next token. First logit biases and forbidden tokens, then the steps of <see cref="Chain"/> in their order, then a draw. Steps, defaults
/// and random numbers are llama.cpp's, so that a model behaves as its users know it, and a seed gives llama.cpp's text.
/// </summary>
public sealed record SamplerOptions
{
    private static readonly string[] UsualBreakers = ["\n", ":", "\"", "*"];

    /// <summary>
    /// The options that a model's file recommends (<c>general.sampling.*</c>), with the tokens that it suppresses (<c>tokenizer.ggml.suppress_tokens</c>)
    /// forbidden; the defaults for all others.
    /// </summary>
    /// <exception cref="RequestException">A key has a value of another kind, or names an unknown step.</exception>
    public static SamplerOptions Of(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return RecommendedOptions.Of(metadata);
    }

    /// <summary>The steps, in their order. Defaults to <see cref="SamplerChain.Default"/>. A step that is left out does nothing.</summary>
    public IReadOnlyList<SamplerStep> Chain { get; init; } = SamplerChain.Default;

    /// <summary>Divides the logits, at least 0. Defaults to 0.8. 0 always takes the likeliest token, of equals the one with the lowest id.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>
    /// Dynamic temperature: moves the temperature by up to this, down where the model is certain and up where it is not, at least 0. Defaults to 0, a fixed
    /// temperature.
    /// </summary>
    public float TemperatureRange { get; init; }

    /// <summary>The power of the normalized entropy (0 to 1) that places a dynamic temperature in its range, at least 0. Defaults to 1.</summary>
    public float TemperatureExponent { get; init; } = 1;

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
    /// Keeps the tokens whose logits are at most this many standard deviations below the highest (arXiv:2411.07641). Defaults to -1; 0 or less keeps all.
    /// </summary>
    public float TopNSigma { get; init; } = -1;

    /// <summary>
    /// The probability, 0 to 1, that XTC ("exclude top choices") removes the tokens above <see cref="XtcThreshold"/>, all but the least likely of them.
    /// Defaults to 0, which removes none.
    /// </summary>
    public float XtcProbability { get; init; }

    /// <summary>The probability from which XTC counts a token as a top choice, 0 to 1. Defaults to 0.1. Above 0.5 it removes none.</summary>
    public float XtcThreshold { get; init; } = 0.1f;

    /// <summary>The number of tokens that top-p, min-p, typical and XTC leave at least. Defaults to 0.</summary>
    public int MinKeep { get; init; }

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

    /// <summary>
    /// DRY ("don't repeat yourself"): a token that would continue a repetition of n tokens loses this times <see cref="DryBase"/> to the power of n less
    /// <see cref="DryAllowedLength"/>. Defaults to 0, which changes nothing.
    /// </summary>
    public float DryMultiplier { get; init; }

    /// <summary>The base of DRY's penalty, at least 1. Defaults to 1.75.</summary>
    public float DryBase { get; init; } = 1.75f;

    /// <summary>The length of a repetition, in tokens, from which DRY counts, at least 0. Defaults to 2.</summary>
    public int DryAllowedLength { get; init; } = 2;

    /// <summary>The number of last tokens in which DRY looks for repetitions. Defaults to 64. 0 is none, -1 all.</summary>
    public int DryWindow { get; init; } = 64;

    /// <summary>
    /// Texts over which no repetition of DRY extends, at most 64 of at most 40 bytes. Defaults to the line end, colon, double quote and asterisk.
    /// </summary>
    public IReadOnlyList<string> DryBreakers { get; init; } = UsualBreakers;

    /// <summary>
    /// Mirostat holds the surprise of the tokens at <see cref="MirostatTau"/> (arXiv:2007.14966). 0, the default, is off, 1 its first version, 2 its second.
    /// With it the chain is not used: of all the options only biases and the fixed temperature count.
    /// </summary>
    public int Mirostat { get; init; }

    /// <summary>The surprise that mirostat aims at, in bits, at least 0. Defaults to 5.</summary>
    public float MirostatTau { get; init; } = 5;

    /// <summary>The rate at which mirostat corrects itself, at least 0. Defaults to 0.1.</summary>
    public float MirostatEta { get; init; } = 0.1f;

    /// <summary>
    /// The probability, 0 to 1, near which adaptive-p chooses tokens, if <see cref="Chain"/> has <see cref="SamplerStep.AdaptiveP"/>. Defaults to -1; below 0
    /// it draws as usual.
    /// </summary>
    public float AdaptiveTarget { get; init; } = -1;

    /// <summary>How slowly adaptive-p forgets, 0 to 0.99: it looks back over about 1 / (1 - decay) tokens. Defaults to 0.9.</summary>
    public float AdaptiveDecay { get; init; } = 0.9f;

    /// <summary>The seed of the random numbers. The same seed gives the same choices on every machine. By default (null) each sampler draws its own.</summary>
    public uint? Seed { get; init; }

    /// <summary>Added to the logits of tokens, by id; negative infinity forbids a token. Empty by default.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>Whether the tokens that end a text are forbidden. Defaults to false.</summary>
    public bool IgnoreEndOfGeneration { get; init; }

    /// <summary>The number of likeliest tokens that <see cref="Sampler.Likeliest"/> lists with their probabilities. Defaults to 0.</summary>
    public int ProbabilityCount { get; init; }

    /// <summary>
    /// Whether those probabilities are the ones with which the token was drawn, after all the steps. By default (false) they are the model's, before any.
    /// </summary>
    public bool ProbabilitiesAfterSampling { get; init; }

    /// <summary>Whether the penalties change anything.</summary>
    internal bool HasPenalties =>
        RepetitionWindow != 0 && (RepetitionPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0) && Chain.Contains(SamplerStep.Penalties);

    /// <summary>Whether DRY changes anything.</summary>
    internal bool HasDry => DryMultiplier != 0 && DryWindow != 0 && Chain.Contains(SamplerStep.Dry);
}
