using ArchGen.Formats;
using ArchGen.Runtime.Cache;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace ArchGen.Benchmarks.Kernels;

/// <summary>How kernels are measured: in this process, so that no project is built for each; with bandwidth and arithmetic beside the time.</summary>
internal sealed class KernelConfig : ManualConfig
{
    public KernelConfig()
    {
        Add(DefaultConfig.Instance);
        ArtifactsPath = "artifacts/benchmarks";
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(10)
            .WithIterationTime(TimeInterval.FromMilliseconds(100)));
        AddColumn(new RateColumn("GB/s", "Bytes of weights, keys and values read per second, in units of 1e9", @case => CallWork.Of(@case).Bytes));
        AddColumn(new RateColumn("GFLOP/s", "Floating-point operations per second, in units of 1e9", @case => CallWork.Of(@case).Flops));
    }
}

/// <summary>What one call of a benchmark reads and computes.</summary>
/// <param name="Bytes">Bytes of weights, keys and values.</param>
/// <param name="Flops">Floating-point operations.</param>
internal readonly record struct CallWork(double Bytes, double Flops)
{
    /// <summary>The work of a case.</summary>
    public static CallWork Of(BenchmarkCase @case)
    {
        var of = @case.Parameters;
        return @case.Descriptor.Type.Name switch
        {
            nameof(MatMulBenchmarks) => MatMulBenchmarks.Work((TensorType)of["Type"], (int)of["Tokens"]),
            nameof(AttentionBenchmarks) => AttentionBenchmarks.Work((CacheType)of["Cache"], (int)of["Depth"], (int)of["Tokens"]),
            _ => NormBenchmarks.Work((int)of["Tokens"]),
        };
    }
}
