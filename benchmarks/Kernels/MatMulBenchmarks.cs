using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Formats;
using BenchmarkDotNet.Attributes;

namespace ArchGen.Benchmarks.Kernels;

/// <summary>Products with a matrix of 5632 by 2048 weights. Several of them in turn, more than the caches hold, as a model's layers are.</summary>
public unsafe class MatMulBenchmarks
{
    private const int Rows = 5632;
    private const int Width = 2048;
    private const long BeyondCaches = 256 << 20;

    private WorkerPool _pool = null!;
    private MatMulKernel _kernel = null!;
    private NativeArray _weights = null!;
    private NativeArray _x = null!;
    private NativeArray _y = null!;
    private NativeArray _prepared = null!;
    private int _copies;
    private int _copy;

    /// <summary>The type of the weights.</summary>
    [ParamsSource(nameof(Types))]
    public TensorType Type { get; set; }

    /// <summary>The instruction set.</summary>
    [ParamsSource(nameof(Tiers))]
    public CpuTarget Target { get; set; }

    /// <summary>Tokens of the batch.</summary>
    [ParamsSource(nameof(TokenCounts))]
    public int Tokens { get; set; }

    public static TensorType[] Types => Choice.Types;

    public static CpuTarget[] Tiers => Choice.Tiers;

    public static int[] TokenCounts => Choice.Tokens;

    internal static CallWork Work(TensorType type, int tokens) => new((double)Rows * type.ByteLength(Width), 2.0 * Rows * Width * tokens);

    [GlobalSetup]
    public void Setup()
    {
        var bytes = Rows * Type.ByteLength(Width);
        _copies = (int)(BeyondCaches / bytes) + 1;
        _pool = new WorkerPool(Choice.Threads);
        _kernel = MatMulKernel.For(Type, Target);
        _weights = new NativeArray(bytes * _copies);
        Weights.Fill(_weights.Bytes, bytes, Type, new Random(1));
        for (var i = 1; i < _copies; i++) Buffer.MemoryCopy(_weights.Bytes, _weights.Bytes + (i * bytes), bytes, bytes);
        _x = NativeArray.RandomFloats((long)Tokens * Width);
        _y = new NativeArray((long)Tokens * Rows * sizeof(float));
        _prepared = new NativeArray(_kernel.PreparedBytes(Tokens, Width));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var owned in new IDisposable[] { _pool, _weights, _x, _y, _prepared }) owned.Dispose();
    }

    /// <summary>Prepares the activations and multiplies.</summary>
    [Benchmark]
    public void Multiply()
    {
        var rowBytes = Type.ByteLength(Width);
        _pool.Prepare(_kernel, _x.Floats, Width, null, Tokens, Width, _prepared.Bytes);
        _pool.Multiply(_kernel, _weights.Bytes + (_copy * Rows * rowBytes), rowBytes, Rows, Width, _prepared.Bytes, Tokens, _y.Floats, Rows);
        _copy = (_copy + 1) % _copies;
    }
}
