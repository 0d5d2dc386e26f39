using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Sampling;

/// <summary>
/// Chooses the next token of one sequence from the logits of a model. Exponentials, sums and random numbers are computed by exactly rounded operations in a
/// fixed order, so a seed gives the same choices on every machine; the order is llama.cpp's, so they are its choices too. For one caller at a time.
/// </summary>
public sealed class Sampler
{
    private readonly SamplerOptions _options;
    private readonly SamplerStep[] _steps;
    private readonly SamplerWorkspace _workspace;
    private readonly TokenHistory _history;
    private readonly KeyValuePair<int, float>[] _biases;
    private readonly Draw _draw;
    private readonly MersenneTwister _xtcRandom;
    private readonly DryPenalty? _dry;
    private readonly LikeliestTokens? _likeliest;
    private readonly bool _isGreedy;
    private ulong[] _order = []; // typical's workspace

    /// <summary>Prepares a sampler.</summary>
    /// <param name="options">The options.</param>
    /// <param name="vocabularySize">The number of logits.</param>
    /// <param name="tokenizer">
    /// The tokenizer; null if the options need none. They do for the sequence breakers of DRY and for <see cref="SamplerOptions.IgnoreEndOfGeneration"/>.
    /// </param>
    /// <exception cref="RequestException">An option is out of its range.</exception>
    /// <exception cref="ArgumentNullException">The options need a tokenizer.</exception>
    public Sampler(SamplerOptions options, int vocabularySize, Tokenizer? tokenizer = null) : this(options, new SamplerWorkspace(vocabularySize), tokenizer)
    {
    }

    /// <summary>The same, with memory that other samplers use too.</summary>
    internal Sampler(SamplerOptions options, SamplerWorkspace workspace, Tokenizer? tokenizer)
    {
        ArgumentNullException.ThrowIfNull(options);
        var vocabularySize = workspace.VocabularySize;
        SamplerOptionsCheck.Check(options, vocabularySize);
        (_options, _workspace) = (options, workspace);
        Seed = options.Seed ?? (uint)Random.Shared.NextInt64(uint.MaxValue);
        _steps = options.Mirostat == 0 ? [.. options.Chain] : [];
        _history = new(Window(options.HasPenalties ? options.RepetitionWindow : 0, options.HasDry ? options.DryWindow : 0));
        _biases = [.. options.LogitBias, .. Forbidden(options, vocabularySize, tokenizer)];
        _draw = Draw.Of(options, Seed, vocabularySize);
        _xtcRandom = new(Seed);
        _dry = options.HasDry ? new(options, Breakers(options, vocabularySize, tokenizer)) : null;
        _likeliest = options.ProbabilityCount > 0 ? new(Math.Min(options.ProbabilityCount, vocabularySize)) : null;
        _isGreedy = IsGreedy(options);
    }

    /// <summary>The seed in use: the one of the options, or the one drawn in its place.</summary>
    public uint Seed { get; }

    /// <summary>
    /// The likeliest tokens of the last choice, the likeliest first: <see cref="SamplerOptions.ProbabilityCount"/> of them at most. Valid until the next.
    /// </summary>
    public ReadOnlySpan<TokenProbability> Likeliest => _likeliest is null ? [] : _likeliest.Tokens;

    /// <summary>The token of the last choice with its probability; null if <see cref="SamplerOptions.ProbabilityCount"/> is 0.</summary>
    public TokenProbability? Chosen => _likeliest?.Chosen;

    /// <summary>Counts a token, of the prompt or generated, for the penalties.</summary>
    public void Accept(int token)
    {
        var size = _workspace.VocabularySize;
        if ((uint)token >= (uint)size) throw new ArgumentOutOfRangeException(nameof(token), token, $"The vocabulary has {size} tokens.");
        _history.Add(token);
        _draw.Accept(token);
    }

    /// <summary>Chooses a token that a constraint allows. It is not yet counted, nor taken by the constraint.</summary>
    /// <remarks>
    /// The steps see only the allowed tokens, so that a token is drawn with the probability that it has among these, and top-k keeps k of them.
    /// </remarks>
    /// <inheritdoc cref="Sample(ReadOnlySpan{float}, ReadOnlySpan{uint})"/>
    public int Sample(ReadOnlySpan<float> logits, ITokenConstraint constraint)
    {
        ArgumentNullException.ThrowIfNull(constraint);
        CheckLength(logits);
        constraint.ComputeMask(_workspace.Mask);
        return Sample(logits, _workspace.Mask);
    }

    /// <summary>Chooses a token. It is not yet counted: see <see cref="Accept"/>.</summary>
    /// <inheritdoc cref="Sample(ReadOnlySpan{float}, ReadOnlySpan{uint})"/>
    public int Sample(ReadOnlySpan<float> logits) => Sample(logits, []);

    /// <summary>Chooses a token of some. It is not yet counted: see <see cref="Accept"/>.</summary>
    /// <param name="logits">One per token of the vocabulary; negative infinity for a token that is excluded.</param>
    /// <param name="mask">The tokens that are allowed, as <see cref="ITokenConstraint.ComputeMask"/> writes them; empty for all.</param>
    /// <exception cref="ModelFileException">A logit is not a number or positive infinity.</exception>
    /// <exception cref="RequestException">No token is possible.</exception>
    public int Sample(ReadOnlySpan<float> logits, ReadOnlySpan<uint> mask)
    {
        CheckLength(logits);
        var candidates = _workspace.Candidates;
        var own = candidates.Begin();
        ModelLogits.Copy(logits, own);
        foreach (var (token, bias) in _biases) own[token] += bias;
        if (!mask.IsEmpty) TokenMask.Forbid(own, mask);
        foreach (var step in _steps) Apply(step, candidates);
        return _isGreedy ? ChooseHighest(logits) : ChooseByDraw(logits);
    }

    private void CheckLength(ReadOnlySpan<float> logits)
    {
        if (logits.Length != _workspace.VocabularySize)
            throw new ArgumentException($"There are {logits.Length} logits for a vocabulary of {_workspace.VocabularySize} tokens.", nameof(logits));
    }

    private void Apply(SamplerStep step, Candidates candidates)
    {
        switch (step)
        {
            case SamplerStep.Penalties when _options.HasPenalties:
                Penalties.Apply(candidates, _history, _options, _workspace.Numbers);
                break;
            case SamplerStep.Dry:
                _dry?.Apply(candidates, _history, _workspace.Numbers);
                break;
            case SamplerStep.Temperature when !_isGreedy:
                Temperatures.Apply(candidates, _options);
                break;
            case SamplerStep.TopNSigma or SamplerStep.TopK or SamplerStep.TypicalP or SamplerStep.TopP or SamplerStep.MinP or SamplerStep.Xtc when !_isGreedy:
                Truncate(step, candidates);
                break;
        }
    }

    private void Truncate(SamplerStep step, Candidates candidates)
    {
        switch (step)
        {
            case SamplerStep.TopNSigma:
                Truncations.TopNSigma(candidates, _options.TopNSigma);
                break;
            case SamplerStep.TopK:
                Truncations.TopK(candidates, _options.TopK);
                break;
            case SamplerStep.TypicalP:
                Truncations.Typical(candidates, _options.TypicalP, _options.MinKeep, ref _order);
                break;
            case SamplerStep.TopP:
                Truncations.TopP(candidates, _options.TopP, _options.MinKeep);
                break;
            case SamplerStep.MinP:
                Truncations.MinP(candidates, _options.MinP, _options.MinKeep);
                break;
            case SamplerStep.Xtc:
                Truncations.Xtc(candidates, _options, _xtcRandom);
                break;
        }
    }

    private int ChooseHighest(ReadOnlySpan<float> logits)
    {
        var candidates = _workspace.Candidates;
        var token = candidates.Id(candidates.IndexOfHighest());
        if (float.IsNegativeInfinity(candidates.Logits[token])) throw Impossible();
        if (_options.ProbabilitiesAfterSampling) _likeliest?.ListOnly(token);
        else ListByModel(logits, token);
        return token;
    }

    private int ChooseByDraw(ReadOnlySpan<float> logits)
    {
        var candidates = _workspace.Candidates;
        if (_options.Mirostat != 0) Temperatures.Divide(candidates, _options.Temperature);
        if (float.IsNegativeInfinity(candidates.Highest())) throw Impossible();
        var chosen = _draw.Choose(candidates);
        var token = candidates.Id(chosen);
        if (_options.ProbabilitiesAfterSampling) _likeliest?.List(candidates, chosen);
        else ListByModel(logits, token);
        return token;
    }

    private void ListByModel(ReadOnlySpan<float> logits, int token)
    {
        _likeliest?.List(logits);
        _likeliest?.Choose(token, logits[token]);
    }

    // The likeliest token survives all steps but typical and XTC, so that with a temperature of 0 the others need not run.
    private static bool IsGreedy(SamplerOptions options) =>
        options is { Temperature: 0, TemperatureRange: 0 }
        && (options.Mirostat != 0 || options.Chain.Contains(SamplerStep.Temperature))
        && (options.TypicalP >= 1 || options.Mirostat != 0 || !options.Chain.Contains(SamplerStep.TypicalP))
        && (options.XtcProbability <= 0 || options.Mirostat != 0 || !options.Chain.Contains(SamplerStep.Xtc))
        && !options.Chain.Contains(SamplerStep.AdaptiveP);

    private static int Window(int one, int other) => one < 0 || other < 0 ? -1 : Math.Max(one, other);

    private static IEnumerable<KeyValuePair<int, float>> Forbidden(SamplerOptions options, int vocabularySize, Tokenizer? tokenizer)
    {
        if (!options.IgnoreEndOfGeneration) return [];
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer.Vocabulary.EndOfGeneration.Where(id => id < vocabularySize).Select(id => KeyValuePair.Create(id, float.NegativeInfinity));
    }

    private static DryBreakers Breakers(SamplerOptions options, int vocabularySize, Tokenizer? tokenizer)
    {
        if (options.DryBreakers.Count == 0) return DryBreakers.None;
        ArgumentNullException.ThrowIfNull(tokenizer);
        return DryBreakers.Of(options.DryBreakers, tokenizer, vocabularySize);
    }

    private static RequestException Impossible() => new(
        "No token is possible: every logit is negative infinity. Forbid fewer tokens with logit biases, or allow more by the grammar.");
}
