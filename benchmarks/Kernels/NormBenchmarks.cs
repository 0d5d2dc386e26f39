using ArchGen.Cpu.Steps;
using ArchGen.Cpu.Threading;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;
using BenchmarkDotNet.Attributes;

namespace ArchGen.Benchmarks.Kernels;

/// <summary>RMS norms of rows of 2048 elements, with weights.</summary>
public unsafe class NormBenchmarks
{
    private const int Width = 2048;

    private WorkerPool _pool = null!;
    private Frame _frame = null!;
    private NativeArray _x = null!;
    private NativeArray _weight = null!;
    private NativeArray _y = null!;
    private RmsNormStep _step = null!;

    /// <summary>Tokens of the batch.</summary>
    [ParamsSource(nameof(TokenCounts))]
    public int Tokens { get; set; }

    public static int[] TokenCounts => Choice.Tokens;

    /// <summary>By the rule of the operation.</summary>
    internal static CallWork Work(int tokens)
    {
        var x = new Shape(Dim.Tokens, Width);
        var spec = OpTable.Of(Op.RmsNorm);
        var work = spec.WorkRule!(new WorkCall(spec, x, [x, new Shape(Width)], _ => Width * sizeof(float), _ => 0));
        return new CallWork(work.BytesOf(new WorkCounts(tokens, 1)), work.FlopsOf(new WorkCounts(tokens, 1)));
    }

    [GlobalSetup]
    public void Setup()
    {
        var graph = new GraphBuilder("norm");
        var node = graph.Build(graph.Leaf(Op.Tokens, "x", new Shape(Dim.Tokens))).Output;
        _pool = new WorkerPool(Choice.Threads);
        _frame = new Frame(Tokens) { TokenCount = Tokens };
        _x = NativeArray.RandomFloats((long)Tokens * Width);
        _weight = NativeArray.RandomFloats(Width);
        _y = new NativeArray((long)Tokens * Width * sizeof(float));
        TensorView View(NativeArray data, long stride) => new(data.Floats, 1, Width, stride, Width);
        _step = new RmsNormStep(node, new RowCount(RowDomain.Tokens, 0), View(_x, Width), View(_weight, 0), View(_y, Width), 1e-5f);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var owned in new IDisposable[] { _pool, _frame, _x, _weight, _y }) owned.Dispose();
    }

    /// <summary>Normalises all rows.</summary>
    [Benchmark]
    public void RmsNorm() => _step.Run(_frame, _pool);
}
