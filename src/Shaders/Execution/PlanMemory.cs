using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>The memory of a plan's buffers on the device: one arena, and ranges for what lives from run to run.</summary>
internal sealed class PlanMemory : IDisposable
{
    private readonly MemoryPool _pool;
    private readonly Dictionary<PlanBuffer, MemoryRange> _ranges = new(ReferenceEqualityComparer.Instance);
    private readonly MemoryRange[] _arena = [];
    private readonly long _arenaBlockBytes;

    /// <summary>Allocates the memory of all buffers of a backend.</summary>
    public PlanMemory(VulkanSession session, Plan plan, int backend)
    {
        Limits = plan.Limits;
        _pool = new MemoryPool(session.Device, MemoryUse.Device);
        _arenaBlockBytes = session.ArenaBlockBytes;
        try
        {
            var buffers = plan.Buffers.Where(b => b.Backend == backend).ToLookup(b => b.IsPersistent);
            if (session.Device.Info.Fakes.HasSeparateRanges)
                foreach (var buffer in buffers[false].Where(b => b.Offset >= 0)) _ranges[buffer] = _pool.Allocate(buffer.Bytes);
            else
                _arena = AllocateArena(session, plan.ArenaBytes[backend], buffers[true].Sum(b => b.Bytes), buffers[false].Max(b => (long?)b.Bytes) ?? 0);
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

    /// <summary>Allocations that the arena has; 0 if each buffer has a separate one.</summary>
    public int ArenaBlocks => _arena.Length;

    /// <summary>All of it, but for weights.</summary>
    public IReadOnlyList<MemoryBlock> Blocks => _pool.Blocks;

    /// <summary>Where a buffer is.</summary>
    public MemoryRange Range(PlanBuffer buffer) => _ranges.TryGetValue(buffer, out var range) ? range
        : buffer.Offset >= 0 ? InArena(buffer)
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

    // The planner leaves no buffer in two blocks that fits one.
    private MemoryRange InArena(PlanBuffer buffer)
    {
        var block = _arena[(int)(buffer.Offset / _arenaBlockBytes)];
        return new MemoryRange(block.Block, block.Offset + (buffer.Offset % _arenaBlockBytes), buffer.Bytes);
    }

    private MemoryRange[] AllocateArena(VulkanSession session, long bytes, long ahead, long largest)
    {
        if (largest > _arenaBlockBytes)
        {
            throw new DeviceException($"{session.Device.Name}: a value of {largest >> 20} MiB is larger than the largest allocation of the device, "
                + $"{_arenaBlockBytes >> 20} MiB. Choose a smaller micro-batch or context, or the CPU (--device none).");
        }

        var blocks = new MemoryRange[Math.Max(1, (bytes + _arenaBlockBytes - 1) / _arenaBlockBytes)];
        for (var i = 0; i < blocks.Length; i++)
        {
            var rest = bytes - (i * _arenaBlockBytes);
            blocks[i] = _pool.Allocate(Math.Min(rest, _arenaBlockBytes), rest <= _arenaBlockBytes ? ahead : 0);
        }

        return blocks;
    }
}
