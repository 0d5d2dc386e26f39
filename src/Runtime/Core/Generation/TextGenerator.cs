using System.Diagnostics;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Sampling;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Generation;

/// <summary>A token that was generated.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The characters that are complete with it; may be empty.</param>
public readonly record struct GeneratedToken(int Id, string Text);

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
    private readonly Batch _batch = new();
    private readonly int _contextLength;

    /// <summary>Prepares a model to generate.</summary>
    /// <param name="model">The model, which must stay open.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="options">The options of the generation; null for the defaults.</param>
    /// <exception cref="RequestException">The model does not generate text, or an option is out of range.</exception>
    /// <exception cref="ModelFileException">The model has no vocabulary.</exception>
    public TextGenerator(LoadedModel model, IBackend backend, GenerationOptions? options = null)
    {
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
        _context = model.CreateContext(_contextOptions);
        if (!_context.IsBidirectional && _context.Width == model.Model.Vocab) return;
        _context.Dispose();
        throw new RequestException(
            $"{model.File.Name}: {model.Architecture.Name} gives embeddings and does not generate text. Make them with 'archgen embed'.");
    }

    /// <summary>The times of the last generation so far.</summary>
    public GenerationStatistics Statistics { get; private set; } = new();

    /// <summary>Continues a text. The model's special tokens around a text are added.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="parseSpecial">Whether special tokens in it, such as those of a chat, are read as such; otherwise they are plain text.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RequestException">The prompt is empty, or a token is not in the vocabulary.</exception>
    /// <exception cref="ContextFullException">The prompt is longer than the context.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<GeneratedToken> Generate(string prompt, bool parseSpecial = false, CancellationToken cancellation = default) =>
        Generate(_model.Tokenizer.Encode(prompt, addSpecial: true, parseSpecial), cancellation);

    /// <summary>Continues tokens; for an encoder-decoder, answers them. The last token is the one that ended generation, if one did.</summary>
    /// <exception cref="RequestException">The prompt is empty, or a token is not in the vocabulary.</exception>
    /// <exception cref="ContextFullException">The prompt is longer than the context.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<GeneratedToken> Generate(int[] prompt, CancellationToken cancellation = default)
    {
        var tokenizer = _model.Tokenizer;
        var vocabulary = Math.Min(_context.Width, tokenizer.Vocabulary.Count);
        var sampler = new Sampler(_options.Sampling ?? SamplerOptions.Of(_model.File.Metadata), vocabulary);
        var decoder = new StreamingDecoder(tokenizer, special: false);
        var statistics = Statistics = new GenerationStatistics { PromptTokens = prompt.Length };

        var begin = Stopwatch.GetTimestamp();
        var last = EvaluatePrompt(prompt, cancellation);
        foreach (var token in prompt) sampler.Accept(token);
        statistics.PromptSeconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;

        if (_options.MaxTokens == 0) statistics.StopReason = StopReason.TokenLimit;
        while (statistics.StopReason == StopReason.None)
        {
            begin = Stopwatch.GetTimestamp();
            var token = sampler.Sample(_context.Output(last)[..vocabulary]);
            sampler.Accept(token);
            statistics.GeneratedTokens++;
            statistics.StopReason = ReasonToStop(token);
            var ended = statistics.StopReason == StopReason.EndOfGeneration;
            var text = ended ? decoder.Flush() : decoder.Append(token);
            if (!ended && statistics.StopReason != StopReason.None) text += decoder.Flush();
            statistics.GenerationSeconds += Stopwatch.GetElapsedTime(begin).TotalSeconds;

            yield return new GeneratedToken(token, text);

            if (statistics.StopReason != StopReason.None) break;
            cancellation.ThrowIfCancellationRequested();
            begin = Stopwatch.GetTimestamp();
            _batch.Clear();
            _batch.Add(token, _context.NextPosition(0), sequence: 0, wantOutput: true);
            _context.Evaluate(_batch, cancellation);
            last = 0;
            statistics.GenerationSeconds += Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private StopReason ReasonToStop(int token) =>
        _model.Tokenizer.Vocabulary.IsEndOfGeneration(token) ? StopReason.EndOfGeneration
        : Statistics.GeneratedTokens >= _options.MaxTokens ? StopReason.TokenLimit
        : _context.NextPosition(0) >= _contextLength ? StopReason.ContextFull
        : StopReason.None;

    // Returns the index of the last token in the last batch.
    private int EvaluatePrompt(int[] prompt, CancellationToken cancellation)
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

        _batch.Clear();
        for (var i = 0; i < prompt.Length; i++) _batch.Add(prompt[i], i, sequence: 0, wantOutput: i == prompt.Length - 1);
        _context.Evaluate(_batch, cancellation);
        return prompt.Length - 1;
    }
}
