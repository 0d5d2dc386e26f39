using ArchGen.Chat.Constraints;
using ArchGen.Chat.Conversations;
using ArchGen.Extensions.AI;
using ArchGen.Grammars;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.Models;

/// <summary>A model that can be requested. What is open of it may be used as long as there is a <see cref="ModelLease"/>.</summary>
/// <param name="options">How it is served.</param>
/// <param name="fixedService">The application's own; null to open one and to close it.</param>
internal sealed partial class ServedModel(ServedModelOptions options, ArchGenService? fixedService = null)
{
    private const int MaxGrammars = 32;

    private readonly RecentlyUsed<CompiledGrammar> _grammars = new(MaxGrammars);
    private readonly ArchGenService? _fixed = fixedService;
    private volatile ArchGenService? _service = fixedService;
    private SamplerOptions? _sampling;

    /// <summary>How it is served.</summary>
    public ServedModelOptions Options => options;

    /// <summary>Its adapters.</summary>
    public ServedAdapters Adapters { get; } = new(options);

    /// <summary>The name in requests and answers.</summary>
    public string Id { get; } = fixedService?.ModelId ?? options.Model.ModelId ?? Path.GetFileNameWithoutExtension(options.Model.ModelPath);

    /// <summary>The model, its engine and its embeddings.</summary>
    public ArchGenService Service => _service ?? throw new InvalidOperationException($"The model '{Id}' is not open.");

    /// <summary>When it began to be served.</summary>
    public DateTimeOffset Created { get; } = (fixedService?.Options ?? options.Model).Clock.GetUtcNow();

    /// <summary>The open file with its graph and its tokenizer.</summary>
    public LoadedModel Model => Service.Model;

    /// <summary>Continues tokens.</summary>
    /// <exception cref="ApiException">The model does not generate text.</exception>
    public InferenceEngine Engine => Supported(() => Service.Engine);

    /// <summary>Answers conversations.</summary>
    /// <exception cref="ApiException">The model has no chat template, or does not generate text.</exception>
    public ChatEngine Chat => Supported(() => Service.Chat);

    /// <summary>The sampler of requests that say nothing else.</summary>
    public SamplerOptions Sampling => _sampling ??= options.Sampling(SamplerOptions.Of(Model.File.Metadata));

    /// <summary>A constraint on the tokens of a text that is no answer in a conversation; null for none.</summary>
    /// <exception cref="RequestException">The grammar is wrong, not supported, or too large.</exception>
    /// <param name="grammar">The grammar of the text.</param>
    /// <param name="computesForced">Whether tokens that must follow are computed, too, since their probabilities are wanted.</param>
    public ITokenConstraint? Constrain(TextGrammar? grammar, bool computesForced)
    {
        if (grammar is null) return null;
        var constraint = new GrammarConstraint(_grammars.GetOrMake(grammar.Key, () => grammar.Compile(Model.Tokenizer)), Model.Tokenizer);
        return computesForced ? new ComputedConstraint(constraint) : constraint;
    }

    /// <summary>What embeddings of the model are like; they are computed by <see cref="EmbedAsync(ReadOnlyMemory{int}, CancellationToken)"/>.</summary>
    /// <exception cref="ApiException">The model has no embeddings.</exception>
    public TextEmbedder Embedder => Supported(() => Service.Embedder);

    /// <summary>
    /// The embedding of tokens: one row, or the rows of all tokens if they are not pooled, or the scores of a ranker. Callers take turns, and no thread waits.
    /// </summary>
    /// <exception cref="ApiException">The model has no embeddings.</exception>
    /// <exception cref="ContextFullException">There are more tokens than the model was trained for.</exception>
    public async Task<float[]> EmbedAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellation)
    {
        _ = Embedder;
        return await Service.UseEmbedderAsync((embedder, token) => embedder.Embed(tokens.Span, token), cancellation).ConfigureAwait(false);
    }

    /// <summary>The scores of a document for a query, by a model that ranks; otherwise the embedding of both together.</summary>
    /// <exception cref="ApiException">The model has no embeddings.</exception>
    /// <exception cref="ContextFullException">There are more tokens than the model was trained for.</exception>
    public async Task<float[]> EmbedAsync(string query, string document, CancellationToken cancellation)
    {
        _ = Embedder;
        return await Service.UseEmbedderAsync((embedder, token) => embedder.Embed(query, document, token), cancellation).ConfigureAwait(false);
    }

    // What a model cannot do is no mistake of the request alone: 501, as llama.cpp has it. Clients get no path of this machine.
    private T Supported<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (RequestException error)
        {
            var message = error.Message.Replace(Model.File.Name, Id, StringComparison.Ordinal);
            throw new ApiException(new ApiError(StatusCodes.Status501NotImplemented, ErrorKind.NotSupported, message));
        }
    }
}
