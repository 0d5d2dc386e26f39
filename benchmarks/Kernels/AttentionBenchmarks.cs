using ArchGen.Cpu.Cache;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Steps;
using ArchGen.Cpu.Threading;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;
using BenchmarkDotNet.Attributes;

namespace ArchGen.Benchmarks.Kernels;

/// <summary>Attention of 32 heads over 4 heads of keys and values, 64 wide, for tokens that come after so many others.</summary>
public unsafe class AttentionBenchmarks
{
    private const int Heads = 32;
    private const int KeyHeads = 4;
    private const int Width = 64;

    private static readonly CacheSpec Kept = new("cache", KeyHeads, Width, Width, ValuesInKeys: false);

    private WorkerPool _pool = null!;
    private CellTable _cells = null!;
    private KvLayer _layer = null!;
    private Frame _frame = null!;
    private NativeArray _q = null!;
    private NativeArray _k = null!;
    private NativeArray _y = null!;
    private NativeArray _partials = null!;
    private AttentionStep _step = null!;

    /// <summary>How keys and values are kept.</summary>
    [Params(CacheType.F16, CacheType.Q8_0)]
    public CacheType Cache { get; set; }

    /// <summary>Tokens before those of the batch.</summary>
    [Params(0, 1024, 4096)]
    public int Depth { get; set; }

    /// <summary>Tokens of the batch.</summary>
    [ParamsSource(nameof(TokenCounts))]
    public int Tokens { get; set; }

    public static int[] TokenCounts => Choice.Tokens;

    /// <summary>By the rule of the operation, keys and values counted once.</summary>
    internal static CallWork Work(CacheType cache, int depth, int tokens)
    {
        using var layer = new KvLayer(cache, 1, Kept);
        var keys = new Shape(Dim.Tokens, KeyHeads, Width);
        var spec = OpTable.Of(Op.Attention);
        var call = new WorkCall(
            spec, new Shape(Dim.Tokens, Heads * Width), [new Shape(Dim.Tokens, Heads, Width), keys, keys], _ => KeyHeads * layer.KeyBytes, _ => 0);
        var work = spec.WorkRule!(call);
        var counts = new WorkCounts(tokens, 1, depth + tokens, ((long)tokens * depth) + ((long)tokens * (tokens + 1) / 2));
        return new CallWork(work.BytesOf(counts), work.FlopsOf(counts));
    }

    [GlobalSetup]
    public void Setup()
    {
        var graph = new GraphBuilder("attention");
        var node = graph.Build(graph.Leaf(Op.Tokens, "q", new Shape(Dim.Tokens))).Output;
        var scores = new AttentionScores(new Attributes((Attr.Factor, 0.125)), Heads, null, 0, null);
        _pool = new WorkerPool(Choice.Threads);
        _cells = new CellTable(Depth + Tokens, 1);
        _layer = new KvLayer(Cache, Depth + Tokens, Kept);
        _frame = new Frame(Tokens) { TokenCount = Tokens, SpanCount = 1 };
        _frame.Spans[0] = new SequenceSpan(0, 0, Tokens);
        _q = NativeArray.RandomFloats((long)Tokens * Heads * Width);
        _k = NativeArray.RandomFloats((long)Tokens * KeyHeads * Width);
        _y = new NativeArray((long)Tokens * Heads * Width * sizeof(float));
        _partials = new NativeArray(AttentionStep.PartialElements(_pool.Threads, Width, Width) * sizeof(float));
        using var past = NativeArray.RandomFloats(Width + Depth);
        for (var position = 0; position < Depth + Tokens; position++)
        {
            var cell = _cells.Append(0, position);
            for (var head = 0; head < KeyHeads && position < Depth; head++)
            {
                _layer.StoreKey(head, cell, past.Floats + position);
                _layer.StoreValue(head, cell, past.Floats + position);
            }

            if (position < Depth) continue;
            var row = position - Depth;
            (_frame.Cells[row], _frame.Positions[row], _frame.Order[row], _frame.OrderedPositions[row]) = (cell, position, row, position);
        }

        var queries = new TensorView(_q.Floats, Heads, Width, Heads * Width, Width);
        var keys = new TensorView(_k.Floats, KeyHeads, Width, KeyHeads * Width, Width);
        var result = new TensorView(_y.Floats, 1, Heads * Width, Heads * Width, Heads * Width);
        var source = new CachedKeys(_cells, _layer, 0);
        _step = new AttentionStep(node, queries, keys, keys, result, scores, source, stores: true, _partials.Floats, CpuTarget.Fastest);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var owned in new IDisposable[] { _pool, _cells, _layer, _frame, _q, _k, _y, _partials }) owned.Dispose();
    }

    /// <summary>Stores the keys and values of the batch and attends.</summary>
    [Benchmark]
    public void Attend() => _step.Run(_frame, _pool);
}
