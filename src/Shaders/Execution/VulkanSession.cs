using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>A device at work for one context: its commands, the weights, and what it remembers of the sequences.</summary>
internal sealed class VulkanSession : IBackendSession
{
    private readonly SessionOptions _options;

    public VulkanSession(VulkanBackend backend, SessionOptions options)
    {
        (Backend, _options) = (backend, options);
        Device = backend.Device.Take();
        Limits = backend.Limits ?? DeviceLimits.Of(backend.Device);
        Products = backend.Products?.Invoke(Limits) ?? ProductShapes.Of(backend.Device, Limits, backend.Precision);
        Weights = Device.Weights.Take(options.Weights.File);
        try
        {
            Queue = new CommandQueue(Device);
            Memory = new DeviceSequenceMemory(this, options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public VulkanBackend Backend { get; }

    public LogicalDevice Device { get; }

    /// <summary>The limits that dispatches are held to.</summary>
    public DeviceLimits Limits { get; }

    /// <summary>How matrix products are cut.</summary>
    public ProductShapes Products { get; }

    /// <summary>The commands of this context.</summary>
    public CommandQueue Queue { get; } = null!;

    /// <summary>Shaders that plans need and nobody has waited for yet.</summary>
    public HashSet<DevicePipeline> Compiling { get; } = [];

    /// <summary>The model's weights on the device.</summary>
    public DeviceWeights Weights { get; }

    /// <summary>The model's weights in its file.</summary>
    public ModelWeights Model => _options.Weights;

    /// <summary>Keys, values and states of the sequences.</summary>
    public DeviceSequenceMemory Memory { get; } = null!;

    public int MaxChainOperands => StepCompiler.MaxChainOperands;

    public bool AppliesChains(Op op) => StepCompiler.AppliesChains(op);

    public long ArenaBlockBytes => Math.Min(Device.Info.Properties.MaxAllocation, Device.Info.Fakes.ArenaBlockBytes) & -ArenaPlanner.Alignment;

    public bool SharesPreparation(TensorType a, TensorType b) => a == b;

    public IReadOnlyList<long> ScratchBytes(PlanStep step, PlanLimits limits) => StepScratch.Bytes(step, limits, this);

    public IExecutable Compile(Plan plan, int backend) => new VulkanExecutable(this, plan, backend, _options);

    public void WarmUp()
    {
        Pipelines.Wait([.. Compiling], Backend.Compilation, Backend.CompilationQuiet);
        Compiling.Clear();
        Device.Pipelines.Save();
    }

    /// <summary>How matrix units compute products with a matrix, if there are rows enough; null if they do not.</summary>
    public MatrixTiles? TilesOf(PlanMatrix matrix) => matrix.Computed is null ? Products.Matrices?.TilesOf(Model.TypeOf(matrix.Weight)) : null;

    public void ClearStates(int sequence) => Memory.ClearStates(sequence);

    public void CopyStates(int from, int to) => Memory.CopyStates(from, to);

    public void ReadCells(CacheSpec cache, ReadOnlySpan<int> cells, Span<byte> destination) => Memory.ReadCells(cache, cells, destination);

    public void WriteCells(CacheSpec cache, ReadOnlySpan<int> cells, ReadOnlySpan<byte> source) => Memory.WriteCells(cache, cells, source);

    public void ReadState(StateSpec state, int index, Span<byte> destination) => Memory.ReadState(state, index, destination);

    public void WriteState(StateSpec state, int index, ReadOnlySpan<byte> source) => Memory.WriteState(state, index, source);

    public void Dispose()
    {
        Queue?.Dispose();
        Memory?.Dispose();
        Device.Weights.Return(_options.Weights.File);
        Device.Info.Return(Device);
    }
}
