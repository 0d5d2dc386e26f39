using System.Diagnostics;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Generation;

/// <summary>A token that was generated.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The characters that are complete with it; may be empty.</param>
public readonly record struct GeneratedToken(int Id, string Text)
{
    /// <summary>
    /// How likely it was, and other tokens in its place; null unless the sampler was asked for probabilities (<see cref="SamplerOptions.ProbabilityCount"/>),
    /// and for a token that was not chosen but forced by a constraint.
    /// </summary>
    public TokenProbabilities? Probabilities { get; init; }
}

/// <summary>The probabilities of a place.</summary>
/// <param name="Chosen">The token that was chosen.</param>
/// <param name="Likeliest">The likeliest tokens, the likeliest first.</param>
public sealed record TokenProbabilities(TokenProbability Chosen, IReadOnlyList<TokenProbability> Likeliest);

/// <summary>
/// Continues a text, token by token. For one caller at a time; each text begins with an empty context.
/// <code>
/// using var model = LoadedModel.Open("model.gguf", Catalog.All);
/// using var generator = new TextGenerator(model, new CpuBackend());
/// foreach (var token in generator.Generate("Once upon a time")) Console.Write(token.Text);
/// </code>
/// </summary>
public sealed class TextGenerator : IDisposable
{
    private const int UsualContextLength = 4096;

    private readonly LoadedModel _model;
    private readonly GenerationOptions _options;
    private readonly ContextOptions _contextOptions;
    private readonly InferenceContext _context;
    private readonly GenerationSteps _steps;
    private readonly AnswerOptions _answerOptions;
    private readonly int _contextLength;

    /// <summary>Prepares a model to generate.</summary>
    /// <param name="model">The model, which must stay open.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="options">The options of the generation; null for the defaults.</param>
    /// <exception cref="RequestException">The model does not generate text, or an option is out of range.</exception>
    /// <exception cref="ModelFileException">The model has no vocabulary.</exception>
    public TextGenerator(LoadedModel model, IBackend backend, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backend);
        (_model, _options) = (model, options ?? new());
        if (_options.MaxTokens < 0) throw new RequestException($"The number of tokens to generate is {_options.MaxTokens}; expected 0 or more.");
        _contextLength = _options.ContextLength ?? Math.Min(model.TrainedContextLength ?? UsualContextLength, UsualContextLength);
        _contextOptions = new ContextOptions
        {
            ContextLength = _contextLength,
            MaxBatch = _options.MaxBatch,
            CacheType = _options.CacheType,
            Backend = backend,
            Adapters = _options.Adapters,
        };
        _options.Speculation.Check();
        _context = model.CreateContext(_contextOptions);
        try
        {
            RequireText();
            var speculator = Speculator.Create(model, _context, _contextOptions, _options.Speculation, out var obstacle);
            _answerOptions = new(_options.Sampling ?? SamplerOptions.Of(model.File.Metadata), _options, _contextLength);
            (_steps, SpeculationObstacle) = (new GenerationSteps(_context, speculator, _contextLength, _options.MaxBatch), obstacle);
        }
        catch
        {
            _context.Dispose();
            throw;
        }
    }

    /// <summary>The times of the last generation so far.</summary>
    public GenerationStatistics Statistics { get; private set; } = new();

    /// <summary>Why there are no drafts although they were asked for by name; null if there are, or none were asked for.</summary>
    public string? SpeculationObstacle { get; }

    /// <summary>Continues a text. The model's special tokens around a text are added.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="parseSpecial">Whether special tokens in it, such as those of a chat, are read as such; otherwise they are plain text.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RequestException">The prompt is empty, or a token is not in the vocabulary.</exception>
    /// <exception cref="ContextFullException">The prompt is longer than the context.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<GeneratedToken> Generate(string prompt, bool parseSpecial = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Generate(_model.Tokenizer.Encode(prompt, addSpecial: true, parseSpecial), cancellation);
    }

    /// <summary>Continues tokens; for an encoder-decoder, answers them. The last token is the one that ended generation, if one did.</summary>
    /// <param name="prompt">The tokens.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RequestException">The prompt is empty, or a token is not in the vocabulary.</exception>
    /// <exception cref="ContextFullException">The prompt is longer than the context.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<GeneratedToken> Generate(int[] prompt, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Generate(prompt, null, cancellation);
    }

    /// <summary>Continues tokens within a constraint.</summary>
    /// <param name="prompt">The tokens.</param>
    /// <param name="constraint">Which tokens may come next; null for all. It moves on with each token.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <inheritdoc cref="Generate(int[], CancellationToken)" path="exception"/>
    public IEnumerable<GeneratedToken> Generate(int[] prompt, ITokenConstraint? constraint, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Continue(prompt, constraint, cancellation);
    }

    private IEnumerable<GeneratedToken> Continue(int[] prompt, ITokenConstraint? constraint, CancellationToken cancellation)
    {
        var statistics = Statistics = new GenerationStatistics { PromptTokens = prompt.Length };
        var answer = new Answer(_model.Tokenizer, _answerOptions, Vocabulary, constraint, statistics);
        var begin = Stopwatch.GetTimestamp();
        var row = EvaluatePrompt(prompt, answer, cancellation);
        foreach (var token in prompt) answer.AcceptPrompt(token);
        statistics.PromptSeconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        if (_options.MaxTokens == 0) statistics.StopReason = StopReason.TokenLimit;
        while (statistics.StopReason == StopReason.None)
        {
            begin = Stopwatch.GetTimestamp();
            var token = answer.Next(_context.Output(row)[..Vocabulary]);
            statistics.GenerationSeconds += Stopwatch.GetElapsedTime(begin).TotalSeconds;
            yield return token;

            while (answer.HasForced && statistics.StopReason == StopReason.None) yield return answer.NextForced();
            if (statistics.StopReason != StopReason.None) break;
            cancellation.ThrowIfCancellationRequested();
            begin = Stopwatch.GetTimestamp();
            row = _steps.Evaluate(answer.Tokens, _options.MaxTokens - statistics.GeneratedTokens, cancellation);
            statistics.GenerationSeconds += Stopwatch.GetElapsedTime(begin).TotalSeconds;
            (statistics.DraftTokens, statistics.AcceptedTokens) = (_steps.Drafted, _steps.Accepted);
        }

        _steps.End(answer.Tokens);
        (statistics.DraftTokens, statistics.AcceptedTokens) = (_steps.Drafted, _steps.Accepted);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _steps.Dispose();
        _context.Dispose();
    }

    private int Vocabulary => Math.Min(_context.Width, _model.Tokenizer.Vocabulary.Count);

    private void RequireText()
    {
        if (!_context.IsBidirectional && _context.Width == _model.Model.Vocab) return;
        throw new RequestException(
            $"{_model.File.Name}: {_model.Architecture.Name} gives embeddings and does not generate text. Make them with 'archgen embed'.");
    }

    // Returns the index of the last token in the last batch.
    private int EvaluatePrompt(int[] prompt, Answer answer, CancellationToken cancellation)
    {
        if (prompt.Length == 0) throw new RequestException("The prompt is empty; expected at least one token. Give a text to continue.");
        _context.RemoveSequence(0);
        if (_model.EncoderGraph is not null)
        {
            _context.SetEncoded(_model.Encode(prompt, _contextOptions, cancellation: cancellation), prompt.Length, cancellation);
            prompt = [_model.DecoderStartToken()];
        }

        if (prompt.Length > _contextLength)
        {
            var canGrow = _contextLength < (_model.TrainedContextLength ?? int.MaxValue);
            throw new ContextFullException($"The prompt has {prompt.Length} tokens, but the context holds {_contextLength}. "
                + $"Shorten the prompt{(canGrow ? ", or choose a larger context" : "; the model was not trained for more")}.");
        }

        answer.Begin(prompt);
        return _steps.EvaluatePrompt(prompt, cancellation);
    }
}
