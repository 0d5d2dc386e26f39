using ArchGen.Runtime.Embeddings;
using Microsoft.Extensions.AI;

namespace ArchGen.Extensions.AI;

/// <summary>Computes embeddings with a model in this process. Safe for concurrent use: callers take turns.</summary>
/// <param name="service">The model.</param>
public sealed class ArchGenEmbeddingGenerator(ArchGenService service) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Computes the embeddings of texts, in their order.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">The model's name, and the number of dimensions if it is the model's own.</param>
    /// <param name="cancellationToken">Ends it between two texts.</param>
    /// <exception cref="RequestException">An option cannot be followed, or the model has no embeddings.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var texts = values.ToList();
        Check(options);
        return await service.UseEmbedderAsync((embedder, cancellation) => Generate(embedder, texts, cancellation), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata)
            ? new EmbeddingGeneratorMetadata(ArchGenTelemetry.ProviderName, providerUri: null, service.ModelId, service.Embedder.Width)
        : serviceType == typeof(ArchGenService) ? service
        : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: the model belongs to the <see cref="ArchGenService"/>.</summary>
    public void Dispose()
    {
    }

    private GeneratedEmbeddings<Embedding<float>> Generate(TextEmbedder embedder, List<string> texts, CancellationToken cancellation)
    {
        var tokens = 0L;
        var result = new GeneratedEmbeddings<Embedding<float>>(texts.Count);
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            var input = service.Model.Tokenizer.Encode(text, addSpecial: true, parseSpecial: false);
            tokens += input.Length;
            result.Add(new Embedding<float>(embedder.Embed(input, cancellation)) { ModelId = service.ModelId, CreatedAt = service.Options.Clock.GetUtcNow() });
        }

        result.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return result;
    }

    private void Check(EmbeddingGenerationOptions? options)
    {
        if (options?.ModelId is { } model && model != service.ModelId) throw new RequestException($"There is no model {model}; this is {service.ModelId}.");
        if (options?.Dimensions is { } dimensions && dimensions != service.Embedder.Width)
            throw new RequestException($"{dimensions} dimensions were asked for; embeddings of {service.ModelId} have {service.Embedder.Width}.");
        if (options?.AdditionalProperties?.Keys.FirstOrDefault() is { } key)
            throw new RequestException($"The property {key} of the options means nothing to ArchGen. Leave it out.");
        if (options?.RawRepresentationFactory is not null)
            throw new RequestException("RawRepresentationFactory means nothing for embeddings. Leave it out.");
    }
}
