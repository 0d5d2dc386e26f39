using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Speculation;

/// <summary>Proposes what a smaller model with the same vocabulary finds likeliest (arXiv:2211.17192).</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class ModelDraftSource : IDraftSource
{
    // Vocabularies are often filled up to a round size.
    private const int MaxDifference = 128;

    private readonly InferenceContext _context;
    private readonly Batch _batch = new();
    private readonly int _contextLength;
    private readonly int _vocabulary;
    private readonly float[] _weights;
    private int[] _computed;
    private int _count;

    /// <summary>Prepares a model to draft for another.</summary>
    /// <param name="draft">The smaller model, which must stay open.</param>
    /// <param name="model">The model that checks the drafts.</param>
    /// <param name="options">The context of the smaller model, as long as that of the model.</param>
    /// <exception cref="RequestException">The vocabularies differ, or the smaller model does not generate text or is recurrent.</exception>
    public ModelDraftSource(LoadedModel draft, LoadedModel model, ContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        RequireSameVocabulary(draft, model);
        _context = draft.CreateContext(options);
        var reason = draft.EncoderGraph is not null || _context.IsBidirectional || _context.Width != draft.Model.Vocab ? "does not continue text"
            : _context.HasStates ? "is recurrent and cannot take back tokens"
            : null;
        if (reason is not null)
        {
            _context.Dispose();
            throw new RequestException($"{draft.File.Name} cannot draft: it {reason}. Choose another model, or drafts of n-grams.");
        }

        _contextLength = options.ContextLength;
        _vocabulary = Math.Min(_context.Width, Math.Min(draft.Tokenizer.Vocabulary.Count, model.Tokenizer.Vocabulary.Count));
        (_weights, _computed) = (new float[_vocabulary], new int[_contextLength]);
    }

    /// <inheritdoc/>
    public int Draft(ReadOnlySpan<int> tokens, float leastProbability, Span<int> draft)
    {
        var limit = Math.Min(draft.Length, _contextLength - tokens.Length);
        if (limit <= 0 || tokens.IsEmpty) return 0;
        var kept = Math.Min(tokens[..^1].CommonPrefixLength(_computed.AsSpan(0, _count)), tokens.Length - 1);
        _context.TruncateSequence(0, kept);
        _count = kept;
        var last = Evaluate(tokens[kept..]);
        var (count, probability) = (0, 1f);
        while (true)
        {
            var token = Likeliest(_context.Output(last)[.._vocabulary], ref probability);
            if (probability < leastProbability) return count;
            draft[count++] = token;
            if (count == limit) return count;
            last = Evaluate([token]);
        }
    }

    /// <inheritdoc/>
    public void Report(int drafted, int accepted)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private int Evaluate(ReadOnlySpan<int> tokens)
    {
        _batch.Clear();
        for (var i = 0; i < tokens.Length; i++) _batch.Add(tokens[i], _count + i, sequence: 0, wantOutput: i == tokens.Length - 1);
        _context.Evaluate(_batch);
        tokens.CopyTo(_computed.AsSpan(_count));
        _count += tokens.Length;
        return tokens.Length - 1;
    }

    private int Likeliest(ReadOnlySpan<float> logits, ref float probability)
    {
        var token = Candidates.IndexOfHighest(logits);
        Exponential.OfDifferences(logits, logits[token], _weights);
        var sum = 0.0;
        foreach (var weight in _weights) sum += weight;
        probability *= (float)(1 / sum);
        return token;
    }

    private static void RequireSameVocabulary(LoadedModel draft, LoadedModel model)
    {
        var (some, others) = (draft.Tokenizer.Vocabulary, model.Tokenizer.Vocabulary);
        if (Math.Abs(some.Count - others.Count) > MaxDifference)
        {
            throw new RequestException($"{draft.File.Name} has {some.Count} tokens and {model.File.Name} {others.Count}: drafts need the same vocabulary. "
                + "Choose a smaller model of the same family.");
        }

        for (var id = 0; id < Math.Min(some.Count, others.Count); id++)
        {
            if (some.Text(id) == others.Text(id)) continue;
            throw new RequestException($"Token {id} is '{some.Text(id)}' in {draft.File.Name} and '{others.Text(id)}' in {model.File.Name}: drafts need the "
                + "same vocabulary. Choose a smaller model of the same family.");
        }
    }
}
