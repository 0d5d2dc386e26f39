using ArchGen.Chat.Conversations;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Runtime.Speculation;

namespace ArchGen.Extensions.AI;

/// <summary>
/// A model that is opened once and shared: by its <see cref="ArchGenChatClient"/> for any number of callers, and by its embedding generator. What a caller
/// does not use is not prepared. Safe for concurrent use.
/// </summary>
public sealed class ArchGenService : IDisposable
{
    private readonly Lazy<LoadedModel> _model;
    private readonly Lazy<LoadedModel> _draftModel;
    private readonly Lazy<InferenceEngine> _engine;
    private readonly Lazy<ChatEngine> _chat;
    private readonly Lazy<TextEmbedder> _embedder;
    private readonly SemaphoreSlim _embedding = new(1, 1);
    private volatile bool _isDisposed;

    /// <summary>Remembers the options; the model is opened when it is first used.</summary>
    /// <param name="options">The options. They must not be changed afterwards.</param>
    /// <exception cref="RequestException">There is no path.</exception>
    public ArchGenService(ArchGenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ModelPath.Length == 0 && options.Open is null)
            throw new RequestException($"{nameof(ArchGenOptions.ModelPath)} is empty; expected the path of a GGUF file.");
        Options = options;
        _model = new(options.Open ?? (() => LoadedModel.Open(options.ModelPath, options.Architectures)));
        _draftModel = new(() => LoadedModel.Open(options.DraftModelPath!, options.Architectures));
        _engine = new(OpenEngine);
        _chat = new(() => new ChatEngine(Engine, options.ChatTemplate, options.Clock));
        _embedder = new(() => new TextEmbedder(Model, options.Backend(), options.Embeddings));
    }

    /// <summary>The options.</summary>
    public ArchGenOptions Options { get; }

    /// <summary>The name of the model in requests and answers.</summary>
    public string ModelId => Options.ModelId ?? Path.GetFileNameWithoutExtension(Options.ModelPath);

    /// <summary>Whether the model is open.</summary>
    internal bool IsOpen => _model.IsValueCreated;

    /// <summary>The model.</summary>
    /// <exception cref="ModelFileException">The file cannot be read or is damaged, or its architecture is not known or does not fit it.</exception>
    public LoadedModel Model => Open(_model);

    /// <summary>What continues tokens, for conversations and for plain texts.</summary>
    /// <exception cref="RequestException">The model does not generate text.</exception>
    public InferenceEngine Engine => Open(_engine);

    /// <summary>What answers conversations.</summary>
    /// <exception cref="RequestException">The model has no chat template, or does not generate text.</exception>
    public ChatEngine Chat => Open(_chat);

    /// <summary>What computes embeddings. For one caller at a time.</summary>
    /// <exception cref="RequestException">The model has no embeddings.</exception>
    public TextEmbedder Embedder => Open(_embedder);

    /// <summary>Uses the embedder when it is the caller's turn, on a thread of the pool.</summary>
    /// <param name="use">Computes something with it.</param>
    /// <param name="cancellation">Ends the waiting, and is given to the work.</param>
    /// <exception cref="RequestException">The model has no embeddings, or the work refuses its input.</exception>
    internal async Task<T> UseEmbedderAsync<T>(Func<TextEmbedder, CancellationToken, T> use, CancellationToken cancellation)
    {
        await _embedding.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => use(Embedder, cancellation), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _embedding.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        if (_chat.IsValueCreated) _chat.Value.Dispose();
        if (_engine.IsValueCreated) _engine.Value.Dispose();
        if (_embedder.IsValueCreated) _embedder.Value.Dispose();
        if (_draftModel.IsValueCreated) _draftModel.Value.Dispose();
        if (_model.IsValueCreated) _model.Value.Dispose();
    }

    // What is disposed must not be opened again.
    private T Open<T>(Lazy<T> part)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return part.Value;
    }

    // All answers are measured here, whoever asked for them: the chat client, a server, the application itself.
    private InferenceEngine OpenEngine()
    {
        var engine = new InferenceEngine(Model, Options.Backend(), EngineOptions());
        engine.AnswerEnded += last => ArchGenTelemetry.RecordAnswer(ModelId, last);
        return engine;
    }

    private EngineOptions EngineOptions()
    {
        var engine = Options.Engine(new() { SequenceLength = Options.ContextLength, MaxSequences = Options.MaxConcurrentAnswers });
        if (Options.DraftModelPath is null) return engine;
        return engine with { Speculation = engine.Speculation with { Type = SpeculationType.Draft, DraftModel = _draftModel.Value } };
    }
}
