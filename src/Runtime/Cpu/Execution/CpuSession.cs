using ArchGen.Cpu.Cache;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Steps;
using ArchGen.Cpu.Threading;
using ArchGen.Formats;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Execution;

/// <summary>The processor's session of one context: its threads, kernels, caches and states.</summary>
internal sealed class CpuSession : IBackendSession
{
    private readonly CpuBackend _backend;
    private readonly SessionOptions _options;
    private readonly Dictionary<TensorType, MatMulKernel> _kernels = [];

    public CpuSession(CpuBackend backend, SessionOptions options)
    {
        (_backend, _options) = (backend, options);
        Memory = new SequenceMemory(options.CacheType, options.Cells, options.States);
        Pool = new WorkerPool(backend.Threads);
    }

    /// <summary>The threads.</summary>
    public WorkerPool Pool { get; }

    /// <summary>Keys, values and states of the sequences.</summary>
    public SequenceMemory Memory { get; }

    /// <summary>The instruction set of the kernels.</summary>
    public CpuTarget Target => _backend.Target;

    /// <summary>The weights of the graph.</summary>
    public ModelWeights Weights => _options.Weights;

    /// <summary>The matrix product for a type.</summary>
    public MatMulKernel Kernel(TensorType type) => _kernels.TryGetValue(type, out var kernel) ? kernel : _kernels[type] = MatMulKernel.For(type, Target);

    public bool SharesPreparation(TensorType a, TensorType b) => Kernel(a).SharesPreparationWith(Kernel(b));

    public IReadOnlyList<long> ScratchBytes(PlanStep step, PlanLimits limits)
    {
        switch (step)
        {
            case Product product: return [PreparedBytes(product.Matrices[0], product.X, limits)];
            case GatedProduct product: return [PreparedBytes(product.Gate, product.X, limits)];
            case HeadProduct product:
                var rows = limits.Capacity(product.X.Rows);
                return [HeadLinearStep.PreparedBytes(KernelOf(product.Matrix), rows, product.X.Width) * product.X.Heads];
            case ExpertRoute route: return ExpertRouting.Bytes(route.Experts, limits.Capacity(route.Ids.Rows) * route.Ids.Width);
            case ExpertProduct product:
                var uses = limits.Capacity(product.Result.Rows) * product.Result.Heads;
                return
                [
                    ExpertLinearStep.PreparedBytes(KernelOf(product.Matrix), product.Route.Experts, uses, product.X.Width),
                    (long)uses * product.Result.Width * sizeof(float),
                    (long)uses * sizeof(int),
                ];
            case RotaryTable table: return [2L * limits.Tokens * table.Pairs * sizeof(float)];
            case AttentionOperation attention:
                return [AttentionStep.PartialElements(Pool.Threads, attention.Query.Width, attention.Value.Width) * sizeof(float)];
            default: return [];
        }
    }

    public IExecutable Compile(Plan plan, int backend) => new CpuExecutable(this, plan, backend);

    public void WarmUp() => ThreadPool.UnsafeQueueUserWorkItem(
        static kernels =>
        {
            // A failure here is repeated by the first product, which reports it.
            try
            {
                foreach (var kernel in kernels) kernel.WarmUp();
            }
            catch (ArchGenException)
            {
            }
        },
        _kernels.Values.ToArray(), preferLocal: false);

    public void ClearStates(int sequence) => Memory.ClearStates(sequence);

    public void CopyStates(int from, int to) => Memory.CopyStates(from, to);

    public void ReadCells(CacheSpec cache, ReadOnlySpan<int> cells, Span<byte> destination) => Memory.Layer(cache).Read(cells, destination);

    public void WriteCells(CacheSpec cache, ReadOnlySpan<int> cells, ReadOnlySpan<byte> source) => Memory.Layer(cache).Write(cells, source);

    public void ReadState(StateSpec state, int index, Span<byte> destination) => Memory.State(state).Bytes(index).CopyTo(destination);

    public void WriteState(StateSpec state, int index, ReadOnlySpan<byte> source) => source.CopyTo(Memory.State(state).Bytes(index));

    public void Dispose()
    {
        Pool.Dispose();
        Memory.Dispose();
    }

    private long PreparedBytes(PlanMatrix matrix, PlanValue x, PlanLimits limits) =>
        KernelOf(matrix).PreparedBytes(limits.Capacity(x.Rows) * x.Heads, x.Width);

    private MatMulKernel KernelOf(PlanMatrix matrix) => Kernel(Weights.TypeOf(matrix.Weight));
}
