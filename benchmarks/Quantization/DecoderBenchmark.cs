using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Tools.Quantization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ArchGen.Benchmarks.Quantization;

/// <summary>Decodes rows of each type to floats, on each instruction set of this machine, in one thread and out of the cache.</summary>
public unsafe class DecoderBenchmark
{
    /// <summary>Weights that are decoded at a time: their floats fit the second-level cache.</summary>
    public const int Weights = 1 << 15;

    private byte* _blocks;
    private float* _weights;
    private TensorDecoder _decoder = TensorFormats.Of(TensorType.F32).Decoder;

    /// <summary>Short runs within this process: a child process would have to build the solution.</summary>
    public static IConfig Configuration { get; } = DefaultConfig.Instance
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
        .AddColumn(new RateColumn(
            "GB/s", "Bytes of blocks decoded per second, in units of 1e9", @case => ((TensorType)@case.Parameters[nameof(Type)]).ByteLength(Weights)))
        .HideColumns("Error", "StdDev", "Job", "Toolchain", "IterationCount", "LaunchCount", "WarmupCount");

    public static IEnumerable<TensorType> Types => TensorTypes.All.Where(type => TensorFormats.Of(type).IsDecodable);

    /// <summary>Those with decoders of their own: where products are in integers, decoding is that of the exact ones.</summary>
    public static IEnumerable<CpuTarget> Tiers =>
        CpuTarget.All.Where(target => target.IsSupported && target.IsExact);

    [ParamsSource(nameof(Types))]
    public TensorType Type { get; set; }

    [ParamsSource(nameof(Tiers))]
    public CpuTarget Target { get; set; }

    [GlobalSetup]
    public void Encode()
    {
        var random = new Random(1);
        var values = new float[Weights];
        foreach (ref var value in values.AsSpan()) value = random.NextSingle() - 0.5f;
        var bytes = (int)Type.ByteLength(Weights);
        _blocks = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        _weights = (float*)NativeMemory.AlignedAlloc(Weights * sizeof(float), 64);
        // Some types need importance.
        TensorFormats.Of(Type).Encoder!.Encode(values, new Span<byte>(_blocks, bytes), Weights, Enumerable.Repeat(1f, Weights).ToArray());
        _decoder = TensorFormats.Of(Type).DecoderWith(Target.Vectors);
    }

    [Benchmark]
    public void Decode() => _decoder.Decode(_blocks, _weights, Weights);

    [GlobalCleanup]
    public void Free()
    {
        NativeMemory.AlignedFree(_blocks);
        NativeMemory.AlignedFree(_weights);
    }
}
