using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Runtime.Backends;

namespace ArchGen.Cpu.Execution;

/// <summary>The processor: kernels for its vector instructions, on several threads.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed record CpuBackend : IBackend
{
    private readonly CpuTarget? _target;

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <summary>Threads that compute. Defaults to the physical cores that this process may use.</summary>
    public int Threads { get; init; } = ProcessorCores.Count;

    /// <summary>
    /// The instruction set of matrix products and attention; all other operations use the processor's own vectors. Defaults to the fastest one of this
    /// machine.
    /// </summary>
    public CpuTarget Target { get => _target ?? CpuTarget.Fastest; init => _target = value; }

    /// <summary>The processor with exact weights and activations.</summary>
    /// <param name="threads">Threads that compute.</param>
    public static CpuBackend Exact(int threads = 1) => new() { Target = CpuTarget.Exact, Threads = threads };

    /// <summary>Exact kernels sum each row in one order, whatever the batch.</summary>
    bool IBackend.IsBatchInvariant => Target.IsExact;

    /// <summary>A phase has one method for any number of tokens, see <see cref="Runtime.Execution.TokenPhase"/>.</summary>
    bool IBackend.IsBatchInvariantByPhase => true;

    IBackendSession IBackend.Open(SessionOptions options)
    {
        if (Threads is < 1 or > WorkerPool.MaxThreads) throw new RequestException($"{nameof(Threads)} is {Threads}; expected 1 to {WorkerPool.MaxThreads}.");
        return new CpuSession(this, options);
    }
}
