using System.Globalization;
using ArchGen.Gguf;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ArchGen.Benchmarks.Quantization;

/// <summary>How many bytes of blocks are decoded in a second, by the mean time.</summary>
public sealed class BlockBandwidthColumn : IColumn
{
    public string Id => nameof(BlockBandwidthColumn);

    public string ColumnName => "GB/s";

    public string Legend => "Bytes of blocks, 10^9 per second";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        if (summary[benchmarkCase]?.ResultStatistics is not { } nanoseconds) return "-";
        var bytes = ((TensorType)benchmarkCase.Parameters[nameof(DecoderBenchmark.Type)]).ByteLength(DecoderBenchmark.Weights);
        return (bytes / nanoseconds.Mean).ToString("0.00", CultureInfo.InvariantCulture);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
}
