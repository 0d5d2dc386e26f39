using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
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
        AddColumn(new RateColumn("GB/s", "Bytes of weights, keys and values read per second, in units of 1e9", work => work.Bytes));
        AddColumn(new RateColumn("GFLOP/s", "Floating-point operations per second, in units of 1e9", work => work.Flops));
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
            nameof(MatMulBenchmarks) => MatMulBenchmarks.Work((Gguf.TensorType)of["Type"], (int)of["Tokens"]),
            nameof(AttentionBenchmarks) => AttentionBenchmarks.Work((Runtime.CacheType)of["Cache"], (int)of["Depth"], (int)of["Tokens"]),
            _ => NormBenchmarks.Work((int)of["Tokens"]),
        };
    }
}

/// <summary>A column of work per second.</summary>
internal sealed class RateColumn(string name, string legend, Func<CallWork, double> amount) : IColumn
{
    public string Id => name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    // Operations per nanosecond are thousands of millions per second.
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => summary[benchmarkCase]?.ResultStatistics is { } statistics
        ? (amount(CallWork.Of(benchmarkCase)) / statistics.Mean).ToString("F2", CultureInfo.InvariantCulture)
        : "-";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
}
