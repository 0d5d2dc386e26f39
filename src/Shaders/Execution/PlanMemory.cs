using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>The memory of a plan's buffers on the device: one arena, and ranges for what lives from run to run.</summary>
internal sealed class PlanMemory : IDisposable
{
    private readonly MemoryPool _pool;
    private readonly Dictionary<PlanBuffer, MemoryRange> _ranges = new(ReferenceEqualityComparer.Instance);
    private readonly MemoryRange _arena;

    /// <summary>Allocates the memory of all buffers of a backend.</summary>
    public PlanMemory(VulkanSession session, Plan plan, int backend)
    {
        Limits = plan.Limits;
        _pool = new MemoryPool(session.Device, MemoryUse.Device);
        try
        {
            var buffers = plan.Buffers.Where(b => b.Backend == backend).ToLookup(b => b.IsPersistent);
            if (session.Device.Info.Fakes.HasSeparateRanges)
                foreach (var buffer in buffers[false].Where(b => b.Offset >= 0)) _ranges[buffer] = _pool.Allocate(buffer.Bytes);
            else
                _arena = _pool.Allocate(plan.ArenaBytes[backend], buffers[true].Sum(b => b.Bytes));
            foreach (var buffer in buffers[true])
                _ranges[buffer] = buffer.Weight is { } weight ? session.Weights.Floats(session.Model.Find(weight)) : _pool.Allocate(buffer.Bytes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The largest micro-batch.</summary>
    public PlanLimits Limits { get; }

    /// <summary>All of it, but for weights.</summary>
    public IReadOnlyList<MemoryBlock> Blocks => _pool.Blocks;

    /// <summary>Where a buffer is.</summary>
    public MemoryRange Range(PlanBuffer buffer) => _ranges.TryGetValue(buffer, out var range) ? range
        : buffer.Offset >= 0 ? new MemoryRange(_arena.Block, _arena.Offset + buffer.Offset, buffer.Bytes)
        : throw new InvalidOperationException("A buffer that no step uses has no place.");

    /// <summary>A value as shaders see it.</summary>
    public ValueView View(PlanValue value) => new(
        Range(value.Buffer).Address + ((ulong)value.Offset * sizeof(float)), value.Heads, value.Width, value.RowStride, value.HeadStride);

    /// <summary>The first element of a value; 0 if there is none.</summary>
    public ulong Address(PlanValue? value) => value is null ? 0 : View(value).Address;

    /// <summary>All memory of a buffer.</summary>
    public AddressRange Addresses(PlanBuffer buffer)
    {
        var range = Range(buffer);
        return new AddressRange(range.Address, range.Address + (ulong)range.Bytes);
    }

    /// <summary>Memory that lives as long as this.</summary>
    public MemoryRange Allocate(long bytes) => _pool.Allocate(bytes);

    public void Dispose() => _pool.Dispose();
}
