using System.CommandLine;
using System.Globalization;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;

namespace ArchGen.CommandLine.Options;

/// <summary>The options of sampling: first the command line, then the recommendation of the model's file, then the defaults.</summary>
internal sealed class SamplingOptions
{
    private const float Any = float.MaxValue;

    private static readonly SamplerOptions Defaults = new();

    private readonly Option<string?> _samplers = new("--samplers")
    {
        Description = $"The steps of sampling in their order, with semicolons between them. Default {SamplerChain.Format(SamplerChain.Default)}.",
    };

    private readonly Option<string?> _letters = new("--sampler-seq", "--sampling-seq") { Description = "The same with a letter for each step: edskypmxt." };
    private readonly Option<float?> _temperature = Float(
        "--temp", $"Temperature; 0 always takes the likeliest token. Default 0 for the embedded model, else {FromFile(Defaults.Temperature)}", 0, Any,
        "--temperature");
    private readonly Option<float?> _range = Float("--dynatemp-range", "Dynamic temperature: how far it moves; 0, the default, for off.", 0, Any);
    private readonly Option<float?> _exponent = Float("--dynatemp-exp", "Dynamic temperature: power of the entropy. Default 1.", 0, Any);
    private readonly Option<int?> _topK = Whole("--top-k", $"Keep the k likeliest tokens; 0 for all. Default {FromFile(Defaults.TopK)}", 0);
    private readonly Option<float?> _topP = Float("--top-p", $"Keep the likeliest tokens up to this probability. Default {FromFile(Defaults.TopP)}", 0, 1);
    private readonly Option<float?> _minP = Float(
        "--min-p", $"Keep tokens at least this likely, as a part of the likeliest. Default {FromFile(Defaults.MinP)}", 0, 1);
    private readonly Option<float?> _typical = Float("--typical", "Locally typical sampling; 1, the default, for off.", 0, 1, "--typical-p");
    private readonly Option<float?> _sigma = Float(
        "--top-n-sigma", "Keep logits within this many standard deviations of the highest; 0 or less for off. Default -1.", -Any, Any, "--top-nsigma");
    private readonly Option<float?> _xtc = Float("--xtc-probability", "XTC: how often the likeliest tokens are removed; 0 for off. Default 0.", 0, 1);
    private readonly Option<float?> _threshold = Float("--xtc-threshold", "XTC: probability from which tokens are removed. Default 0.1.", 0, 1);
    private readonly Option<int?> _minKeep = Whole("--min-keep", "Tokens that top-p, min-p, typical and XTC leave at least. Default 0.", 0);
    private readonly Option<int?> _mirostat =
        new Option<int?>("--mirostat") { Description = "Mirostat 1 or 2, in place of all steps but the temperature; 0, the default, for off." }.Within(0, 2);
    private readonly Option<float?> _tau = Float("--mirostat-ent", "Mirostat: the surprise aimed at, in bits. Default 5.", 0, Any);
    private readonly Option<float?> _eta = Float("--mirostat-lr", "Mirostat: the rate of its correction. Default 0.1.", 0, Any);
    private readonly Option<float?> _target = Float(
        "--adaptive-target", "Adaptive-p: the probability near which tokens are chosen; below 0 for off. Default -1.", -Any, 1);
    private readonly Option<float?> _decay = Float("--adaptive-decay", "Adaptive-p: how slowly it forgets. Default 0.9.", 0, 0.99f);
    private readonly Option<uint?> _seed = Seed();
    private readonly Option<string[]> _bias =
        new("--logit-bias", "-l") { Description = "ID=BIAS, added to a token's logit; -inf forbids the token. Repeatable." };
    private readonly Option<bool> _ignoreEos = new("--ignore-eos") { Description = "Forbid the tokens that end a text." };
    private readonly Option<int?> _probabilities = Whole("--n-probs", "Print the n likeliest tokens of each step, at the end on standard error. Default 0.", 0);
    private readonly Option<bool> _afterSampling =
        new("--post-sampling-probs") { Description = "Print the probabilities after all steps; otherwise they are the model's." };
    private readonly PenaltyOptions _penalties = new();

    public IEnumerable<Symbol> All =>
    [
        _samplers, _letters, _temperature, _range, _exponent, _topK, _topP, _minP, _typical, _sigma, _xtc, _threshold, _minKeep, .. _penalties.All, _mirostat,
        _tau, _eta, _target, _decay, _seed, _bias, _ignoreEos, _probabilities, _afterSampling,
    ];

    /// <summary>Those of a server, which prints no probabilities.</summary>
    public IEnumerable<Symbol> OfServer => All.Except([_probabilities, _afterSampling]);

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="isGreedy">Whether the default temperature is 0, which takes the likeliest token.</param>
    /// <exception cref="ArchGenException">A value of --logit-bias is not ID=BIAS.</exception>
    public SamplerOptions Read(ParseResult parsed, LoadedModel model, bool isGreedy) => Read(parsed, SamplerOptions.Of(model.File.Metadata), isGreedy);

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recommended">What is not given.</param>
    /// <param name="isGreedy">Whether the default temperature is 0, which takes the likeliest token.</param>
    /// <exception cref="ArchGenException">A value of --logit-bias is not ID=BIAS.</exception>
    public SamplerOptions Read(ParseResult parsed, SamplerOptions recommended, bool isGreedy)
    {
        return _penalties.Read(parsed, recommended with
        {
            Chain = Chain(parsed) ?? recommended.Chain,
            Temperature = parsed.GetValue(_temperature) ?? (isGreedy ? 0 : recommended.Temperature),
            TemperatureRange = parsed.GetValue(_range) ?? recommended.TemperatureRange,
            TemperatureExponent = parsed.GetValue(_exponent) ?? recommended.TemperatureExponent,
            TopK = parsed.GetValue(_topK) ?? recommended.TopK,
            TopP = parsed.GetValue(_topP) ?? recommended.TopP,
            MinP = parsed.GetValue(_minP) ?? recommended.MinP,
            TypicalP = parsed.GetValue(_typical) ?? recommended.TypicalP,
            TopNSigma = parsed.GetValue(_sigma) ?? recommended.TopNSigma,
            XtcProbability = parsed.GetValue(_xtc) ?? recommended.XtcProbability,
            XtcThreshold = parsed.GetValue(_threshold) ?? recommended.XtcThreshold,
            MinKeep = parsed.GetValue(_minKeep) ?? recommended.MinKeep,
            Mirostat = parsed.GetValue(_mirostat) ?? recommended.Mirostat,
            MirostatTau = parsed.GetValue(_tau) ?? recommended.MirostatTau,
            MirostatEta = parsed.GetValue(_eta) ?? recommended.MirostatEta,
            AdaptiveTarget = parsed.GetValue(_target) ?? recommended.AdaptiveTarget,
            AdaptiveDecay = parsed.GetValue(_decay) ?? recommended.AdaptiveDecay,
            Seed = parsed.GetValue(_seed),
            LogitBias = Biases(parsed.GetValue(_bias) ?? [], recommended.LogitBias),
            IgnoreEndOfGeneration = parsed.GetValue(_ignoreEos),
            ProbabilityCount = parsed.GetValue(_probabilities) ?? 0,
            ProbabilitiesAfterSampling = parsed.GetValue(_afterSampling),
        });
    }

    internal static string FromFile(float value) => string.Create(CultureInfo.InvariantCulture, $"what the file recommends, else {value}.");

    internal static Option<int?> Whole(string name, string description, int min, string? minusOne = null) =>
        new Option<int?>(name) { Description = description }.Within(min, int.MaxValue, minusOne);

    internal static Option<float?> Float(string name, string description, float min, float max, params string[] aliases) =>
        new Option<float?>(name, aliases) { Description = description }.Within(min, max);

    // -1 is none, as in llama.cpp.
    private static Option<uint?> Seed()
    {
        var option = new Option<uint?>("--seed", "-s")
        {
            Description = "Seed of the random choices, which are then those of llama.cpp. Without it, or with -1, another one each time.",
        }.Within(0U, uint.MaxValue - 1);
        var number = option.CustomParser!;
        option.CustomParser = result => result.Tokens[^1].Value == "-1" ? null : number(result);
        return option;
    }

    private IReadOnlyList<SamplerStep>? Chain(ParseResult parsed)
    {
        var (names, letters) = (parsed.GetValue(_samplers), parsed.GetValue(_letters));
        if (names is not null && letters is not null)
            throw new RequestException("Give the samplers once: by names with --samplers, or by letters with --sampler-seq.");
        return names is not null ? SamplerChain.Parse(names) : letters is not null ? SamplerChain.ParseLetters(letters) : null;
    }

    private static Dictionary<int, float> Biases(IEnumerable<string> texts, IReadOnlyDictionary<int, float> recommended)
    {
        var biases = recommended.ToDictionary();
        foreach (var text in texts)
        {
            var (id, bias) = Bias(text) ?? throw new RequestException(
                $"--logit-bias: '{text}' is not ID=BIAS, a token id and a number or -inf, such as 42=-1.5.");
            biases[id] = bias;
        }

        return biases;
    }

    // llama.cpp's tools write it without the =, as in 42-1.5.
    private static (int Id, float Bias)? Bias(string text)
    {
        var at = text.Length > 1 ? text.IndexOfAny(['=', '+', '-'], 1) : -1;
        if (at < 0 || !NumberOption.TryParse<int>(text[..at], out var id)) return null;
        var number = text[at] == '=' ? text[(at + 1)..] : text[at..];
        if (number is "-inf" or "-infinity") return (id, float.NegativeInfinity);
        return NumberOption.TryParse<float>(number, out var bias) ? (id, bias) : null;
    }
}
