using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Threading;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;

namespace ArchGen.Tools.Measurement;

/// <summary>The context in which a model is measured on a text.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Tokens of a micro-batch; shorter chunks are evaluated several at a time. Defaults to 512.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>The type of the KV cache. Defaults to F32, so that only the rounding of the weights is measured.</summary>
    public CacheType CacheType { get; init; } = CacheType.F32;

    /// <summary>The backend. Defaults to the CPU with exact precision.</summary>
    public IBackend Backend { get; init; } = CpuBackend.Exact(ProcessorCores.Count);

    /// <summary>Threads that score the results. Defaults to the physical cores that this process may use.</summary>
    public int Threads { get; init; } = ProcessorCores.Count;
}
