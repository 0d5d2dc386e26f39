using System.Linq.Expressions;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace ArchGen.Samples;

/// <summary>A sentence with its vector, as stores of vectors read it.</summary>
public sealed class Sentence
{
    /// <summary>The number of the sentence.</summary>
    [VectorStoreKey]
    public int Id { get; init; }

    /// <summary>The text.</summary>
    [VectorStoreData]
    public required string Text { get; init; }

    /// <summary>Its embedding; made when the sentence is stored.</summary>
    [VectorStoreVector(384, DistanceFunction = DistanceFunction.CosineSimilarity)]
    public ReadOnlyMemory<float> Vector { get; set; }
}

/// <summary>
/// Sentences in memory, behind the interface that Qdrant, PostgreSQL and other stores have: a program that uses it takes one of them in its place.
/// </summary>
/// <param name="generator">Makes the vectors.</param>
public sealed class SentenceCollection(IEmbeddingGenerator<string, Embedding<float>> generator) : VectorStoreCollection<int, Sentence>
{
    private readonly Dictionary<int, Sentence> _sentences = [];

    /// <inheritdoc/>
    public override string Name => "sentences";

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

    /// <inheritdoc/>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default)
    {
        _sentences.Clear();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<Sentence?> GetAsync(int key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(_sentences.GetValueOrDefault(key));

    /// <inheritdoc/>
    public override IAsyncEnumerable<Sentence> GetAsync(
        Expression<Func<Sentence, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<Sentence>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _sentences.Values.Where(filter.Compile()).Skip(options?.Skip ?? 0).Take(top).ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(int key, CancellationToken cancellationToken = default)
    {
        _sentences.Remove(key);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task UpsertAsync(Sentence record, CancellationToken cancellationToken = default) => UpsertAsync([record], cancellationToken);

    /// <inheritdoc/>
    public override async Task UpsertAsync(IEnumerable<Sentence> records, CancellationToken cancellationToken = default)
    {
        var sentences = records.ToList();
        var embeddings = await generator.GenerateAsync(sentences.Select(sentence => sentence.Text), cancellationToken: cancellationToken);
        foreach (var (sentence, embedding) in sentences.Zip(embeddings))
        {
            sentence.Vector = embedding.Vector;
            _sentences[sentence.Id] = sentence;
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<VectorSearchResult<Sentence>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<Sentence>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var vector = searchValue switch
        {
            string text => await generator.GenerateVectorAsync(text, cancellationToken: cancellationToken),
            ReadOnlyMemory<float> given => given,
            _ => throw new NotSupportedException($"A search by {typeof(TInput).Name}; expected a text or a vector."),
        };
        var isWanted = options?.Filter?.Compile() ?? (_ => true);
        var results = _sentences.Values.Where(isWanted)
            .Select(sentence => new VectorSearchResult<Sentence>(sentence, TensorPrimitives.CosineSimilarity(vector.Span, sentence.Vector.Span)))
            .Where(result => result.Score >= (options?.ScoreThreshold ?? -1))
            .OrderByDescending(result => result.Score).Skip(options?.Skip ?? 0).Take(top);
        foreach (var result in results) yield return result;
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType?.IsInstanceOfType(this) == true ? this : null;
}
