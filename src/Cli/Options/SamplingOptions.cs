using System.CommandLine;
using System.Globalization;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;

namespace ArchGen.Cli.Options;

/// <summary>The options of sampling: first the command line, then the recommendation of the model's file, then the defaults.</summary>
internal sealed class SamplingOptions
{
    private const float Any = float.MaxValue;

    private static readonly SamplerOptions Defaults = new();

    private readonly Option<float?> _temperature = Float(
        "--temp", $"Temperature; 0 always takes the likeliest token. Default 0 for the embedded model, else {FromFile(Defaults.Temperature)}", 0, Any);
    private readonly Option<int?> _topK = Whole("--top-k", $"Keep the k likeliest tokens; 0 for all. Default {FromFile(Defaults.TopK)}", 0);
    private readonly Option<float?> _topP = Float("--top-p", $"Keep the likeliest tokens up to this probability. Default {FromFile(Defaults.TopP)}", 0, 1);
    private readonly Option<float?> _minP = Float(
        "--min-p", $"Keep tokens at least this likely, as a part of the likeliest. Default {FromFile(Defaults.MinP)}", 0, 1);
    private readonly Option<float?> _typical = Float("--typical", "Locally typical sampling; 1, the default, for off.", 0, 1);
    private readonly Option<float?> _repeat = Float(
        "--repeat-penalty", $"Penalty on tokens already seen; 1 for off. Default {FromFile(Defaults.RepetitionPenalty)}", 0, Any);
    private readonly Option<int?> _window = Whole(
        "--repeat-last-n", $"Number of earlier tokens that penalties read; 0 for none. Default {FromFile(Defaults.RepetitionWindow)}", 0, "for all");
    private readonly Option<float?> _frequency = Float("--frequency-penalty", "Penalty per occurrence. Default 0.", -Any, Any);
    private readonly Option<float?> _presence = Float("--presence-penalty", "Penalty on occurrence. Default 0.", -Any, Any);
    private readonly Option<ulong?> _seed =
        new Option<ulong?>("--seed", "-s") { Description = "Seed of the random choices. Without it, another one each time." }.Within(0UL, ulong.MaxValue);
    private readonly Option<string[]> _bias = new("--logit-bias") { Description = "ID=BIAS, added to a token's logit; -inf forbids the token. Repeatable." };
    private readonly Option<bool> _ignoreEos = new("--ignore-eos") { Description = "Forbid the tokens that end a text." };

    public IEnumerable<Symbol> All => [_temperature, _topK, _topP, _minP, _typical, _repeat, _window, _frequency, _presence, _seed, _bias, _ignoreEos];

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="isGreedy">Whether the default temperature is 0, which takes the likeliest token.</param>
    /// <exception cref="ArchGenException">A value of --logit-bias is not ID=BIAS.</exception>
    public SamplerOptions Read(ParseResult parsed, LoadedModel model, bool isGreedy)
    {
        var recommended = SamplerOptions.Of(model.File.Metadata);
        return recommended with
        {
            Temperature = parsed.GetValue(_temperature) ?? (isGreedy ? 0 : recommended.Temperature),
            TopK = parsed.GetValue(_topK) ?? recommended.TopK,
            TopP = parsed.GetValue(_topP) ?? recommended.TopP,
            MinP = parsed.GetValue(_minP) ?? recommended.MinP,
            TypicalP = parsed.GetValue(_typical) ?? recommended.TypicalP,
            RepetitionPenalty = parsed.GetValue(_repeat) ?? recommended.RepetitionPenalty,
            RepetitionWindow = parsed.GetValue(_window) ?? recommended.RepetitionWindow,
            FrequencyPenalty = parsed.GetValue(_frequency) ?? recommended.FrequencyPenalty,
            PresencePenalty = parsed.GetValue(_presence) ?? recommended.PresencePenalty,
            Seed = parsed.GetValue(_seed),
            LogitBias = Biases(parsed.GetValue(_bias) ?? [], parsed.GetValue(_ignoreEos) ? model.Tokenizer.Vocabulary.EndOfGeneration : []),
        };
    }

    private static Dictionary<int, float> Biases(IEnumerable<string> texts, IEnumerable<int> forbidden)
    {
        var biases = new Dictionary<int, float>();
        foreach (var text in texts)
        {
            var (id, bias) = Bias(text) ?? throw new RequestException(
                $"--logit-bias: '{text}' is not ID=BIAS, a token id and a number or -inf, such as 42=-1.5.");
            biases[id] = bias;
        }

        foreach (var id in forbidden) biases[id] = float.NegativeInfinity;
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

    private static string FromFile(float value) => string.Create(CultureInfo.InvariantCulture, $"what the file recommends, else {value}.");

    private static Option<int?> Whole(string name, string description, int min, string? minusOne = null) =>
        new Option<int?>(name) { Description = description }.Within(min, int.MaxValue, minusOne);

    private static Option<float?> Float(string name, string description, float min, float max) =>
        new Option<float?>(name) { Description = description }.Within(min, max);
}
