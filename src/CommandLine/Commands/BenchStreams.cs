using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.CommandLine.Commands;

/// <summary>The tests of <c>archgen bench</c> with several sequences at once, as an engine serves them.</summary>
internal sealed class BenchStreams : IDisposable
{
    private readonly InferenceEngine _engine;
    private readonly int _vocabulary;
    private readonly int _depth;
    private readonly int _streams;
    private readonly SamplerOptions _sampling;
    private readonly CancellationToken _cancellation;
    private int _run;

    /// <summary>Creates the engine.</summary>
    /// <param name="model">The model.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="depth">Tokens that the sequences have before each test, all the same.</param>
    /// <param name="streams">The number of sequences.</param>
    /// <param name="tokens">The largest number of tokens of a test, of each sequence.</param>
    /// <param name="batch">Tokens of a batch at most.</param>
    /// <param name="cache">The type of the KV cache.</param>
    /// <param name="cancellation">Ends a test.</param>
    public BenchStreams(
        LoadedModel model, IBackend backend, int depth, int streams, int tokens, int batch, CacheType cache, CancellationToken cancellation)
    {
        (_depth, _streams, _cancellation) = (depth, streams, cancellation);
        // A model without a vocabulary has no tokens that end a text.
        _vocabulary = Math.Min(model.Model.Vocab, model.HasVocabulary ? model.Tokenizer.Vocabulary.Count : int.MaxValue);
        _sampling = new SamplerOptions { Temperature = 0, IgnoreEndOfGeneration = model.HasVocabulary };
        var length = depth + tokens + 2;
        _engine = new InferenceEngine(model, backend, new EngineOptions
        {
            MaxSequences = streams,
            Cells = checked(depth + (streams * (tokens + 2))),
            SequenceLength = length,
            MemoryBytes = long.MaxValue / 4,
            MaxBatch = batch,
            ReservedCells = 0,
            MaxUnreadEvents = tokens + 2,
            CacheType = cache,
        });
    }

    /// <summary>Brings the tokens before the test into the prefix cache.</summary>
    public void Reset()
    {
        _run++;
        if (_depth > 0) Run(1, _depth, 0);
    }

    /// <summary>Computes a prompt for each sequence.</summary>
    public void Prompt(int tokens) => Run(_streams, _depth + tokens, 0);

    /// <summary>Generates tokens for each sequence.</summary>
    public void Generate(int tokens) => Run(_streams, _depth + 1, tokens);

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private void Run(int streams, int promptTokens, int tokens)
    {
        var readers = new Task[streams];
        for (var i = 0; i < streams; i++)
        {
            var prompt = new int[promptTokens];
            for (var t = 0; t < promptTokens; t++) prompt[t] = Token(t < _depth ? t : t + (((_run * _streams) + i + 1) * 7919));
            var request = new GenerationRequest { Prompt = prompt, MaxTokens = tokens, Sampling = _sampling, WantsText = false };
            readers[i] = ReadAsync(_engine.Submit(request, _cancellation));
        }

        Task.WhenAll(readers).GetAwaiter().GetResult();
    }

    private static async Task ReadAsync(GenerationStream stream)
    {
        await foreach (var _ in stream.ConfigureAwait(false))
        {
        }
    }

    // Different tokens, so that a mixture of experts uses different experts.
    private int Token(int i) => (int)((uint)(i + 1) * 2654435761u % (uint)_vocabulary);
}
