using ArchGen.Cpu.Execution;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;
using ArchGen.Runtime.Speculation;
using ArchGen.Runtime.Tests.Execution;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>A scheduler without a thread: a test does its steps. Its requests have no text.</summary>
internal sealed class SchedulerRun : IDisposable
{
    private static readonly SamplerOptions Greedy = new() { Temperature = 0 };

    private readonly ReferenceRun _model;
    private readonly string? _backend;
    private readonly InferenceContext _alone;
    private readonly Dictionary<GenerationStream, Reading> _readings = [];

    public SchedulerRun(
        Graph graph, int cells = 256, int sequences = 4, int maxBatch = 64, int sequenceLength = 64, int checkpoints = 8, EngineOptions? options = null,
        NodeObserver? observer = null, bool drafts = false, string? backend = null)
    {
        _backend = backend;
        _model = new ReferenceRun(graph);
        Options = (options ?? new()) with
        {
            MaxSequences = sequences,
            MaxBatch = maxBatch,
            Speculation = new() { Type = drafts ? SpeculationType.Automatic : SpeculationType.None },
        };
        Context = Open(cells, sequences + 1, maxBatch, checkpoints, observer);
        _alone = Open(sequenceLength + 1, 1, 64, 0, null);
        Scheduler = new Scheduler(Context, null, Options, Greedy, sequenceLength, checkpoints, () => Wakes++);
        SequenceLength = Math.Min(sequenceLength, cells);
    }

    /// <summary>The first number of a token's embedding, by which an observer knows it.</summary>
    public float Embedding(int token) => _model.Evaluate([token])["token_embd"].Values[0];

    public EngineOptions Options { get; }

    public InferenceContext Context { get; }

    public Scheduler Scheduler { get; }

    public int SequenceLength { get; }

    public int Wakes { get; private set; }

    public EngineMetrics Metrics => Scheduler.Metrics;

    public static GenerationRequest Request(int[] prompt, int maxTokens = 8) => new() { Prompt = prompt, MaxTokens = maxTokens, WantsText = false };

    public static int[] Tokens(int count, int seed) => ReferenceRun.Tokens(count, seed, SchedulingGraphs.Vocabulary);

    public GenerationStream Submit(GenerationRequest request)
    {
        var stream = Scheduler.Submit(request);
        _readings[stream] = new Reading(request);
        return stream;
    }

    public GenerationStream Submit(int[] prompt, int maxTokens = 8) => Submit(Request(prompt, maxTokens));

    /// <summary>Does steps, and reads all streams after each, until nothing is left to do.</summary>
    public void Finish()
    {
        for (var i = 0; !Scheduler.IsEmpty; i++)
        {
            Assert.True(i < 100_000, "the scheduler does not come to an end");
            Scheduler.Step();
            foreach (var stream in _readings.Keys) Read(stream);
        }
    }

    /// <summary>Reads what a stream has.</summary>
    public void Read(GenerationStream stream)
    {
        while (stream.TryRead(out var next)) _readings[stream].Add(next);
    }

    public void Forget(GenerationStream stream) => _readings.Remove(stream);

    public void ForgetAll() => _readings.Clear();

    public IReadOnlyList<int> Answer(GenerationStream stream, int answer = 0) => _readings[stream].Tokens[answer];

    public GenerationEvent End(GenerationStream stream, int answer = 0) => _readings[stream].Ends[answer];

    public ReadOnlySpan<int> PromptOf(GenerationStream stream) => _readings[stream].Request.Prompt.Span;

    public bool IsEnded(GenerationStream stream) => _readings[stream].Ends.Count == _readings[stream].Request.Answers;

    /// <summary>Demands that the answers of a stream are those that each of them gets alone.</summary>
    public void AssertAsAlone(GenerationStream stream)
    {
        var request = _readings[stream].Request;
        for (var answer = 0; answer < request.Answers; answer++) Assert.Equal(Alone(request, answer), Answer(stream, answer));
    }

    /// <summary>Demands that no cell and no checkpoint is lost: all are free once no request and no prefix has them.</summary>
    public void AssertNothingIsLost()
    {
        Assert.Equal((0, 0, 0), (Metrics.RunningAnswers, Metrics.QueuedAnswers, Metrics.UsedCells));
        Scheduler.Cache.Clear();
        Assert.Equal((Context.Cells.Capacity, 0), (Metrics.FreeCells, Metrics.CachedCells));
        Assert.Equal((0, 0), (Scheduler.Cache.Nodes, Scheduler.Cache.UsedCheckpoints));
    }

    /// <summary>The tokens of an answer that is computed alone in an empty context.</summary>
    public int[] Alone(GenerationRequest request, int answer)
    {
        var options = request.Sampling ?? Greedy;
        if (options.Seed is { } seed) options = options with { Seed = seed + (uint)answer };
        var sampler = new Sampler(options, SchedulingGraphs.Vocabulary);
        foreach (var token in request.Prompt.Span) sampler.Accept(token);
        var tokens = new List<int>(request.Prompt.ToArray());
        var batch = new Batch();
        _alone.RemoveSequence(0);
        while (tokens.Count - request.Prompt.Length < request.MaxTokens && tokens.Count <= SequenceLength)
        {
            batch.Clear();
            batch.Phase = tokens.Count == request.Prompt.Length ? TokenPhase.Prefill : TokenPhase.Decode;
            for (var i = _alone.NextPosition(0); i < tokens.Count; i++) batch.Add(tokens[i], i, 0, wantOutput: i == tokens.Count - 1);
            _alone.Evaluate(batch);
            var token = sampler.Sample(_alone.Output(batch.Count - 1));
            sampler.Accept(token);
            tokens.Add(token);
            if (request.StopTokens.Contains(token)) break;
        }

        return [.. tokens.Skip(request.Prompt.Length)];
    }

    public void Dispose()
    {
        Context.Dispose();
        _alone.Dispose();
        _model.Dispose();
    }

    private InferenceContext Open(int cells, int sequences, int maxBatch, int checkpoints, NodeObserver? observer) => new(
        _model.Graph, _model.File,
        new ContextOptions
        {
            Backend = _backend is null ? new CpuBackend { Threads = 1 } : TestBackends.Named(_backend),
            ContextLength = cells,
            MaxSequences = sequences,
            MaxBatch = maxBatch,
            Checkpoints = checkpoints,
            CacheType = CacheType.F32,
        },
        observer);

    private sealed class Reading(GenerationRequest request)
    {
        public GenerationRequest Request => request;

        public List<int>[] Tokens { get; } = [.. Enumerable.Range(0, request.Answers).Select(_ => new List<int>())];

        public Dictionary<int, GenerationEvent> Ends { get; } = [];

        public void Add(GenerationEvent next)
        {
            Assert.False(Ends.ContainsKey(next.Answer), "an event comes after the end of its answer");
            if (next.Token >= 0) Tokens[next.Answer].Add(next.Token);
            if (next.Reason != StopReason.None) Ends[next.Answer] = next;
        }
    }
}
