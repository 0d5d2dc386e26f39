using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>Where a cache's keys and values are on the device: [heads, cells, width] each, so that a head's lie together.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Values">The values; the keys' memory where values are the beginning of keys.</param>
/// <param name="KeyBytes">Bytes from one cell's key to the next cell's.</param>
/// <param name="ValueBytes">Bytes from one cell's value to the next cell's.</param>
/// <param name="Spec">What is kept.</param>
internal sealed record DeviceCache(MemoryRange Keys, MemoryRange Values, long KeyBytes, long ValueBytes, CacheSpec Spec);

/// <summary>What the device remembers of a model's sequences: keys and values of attention, and the states of recurrent layers.</summary>
internal sealed partial class DeviceSequenceMemory(VulkanSession session, SessionOptions options) : IDisposable
{
    private readonly MemoryPool _pool = new(session.Device, MemoryUse.Device);
    private readonly Dictionary<string, DeviceCache> _caches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (MemoryRange Range, long Elements)> _states = new(StringComparer.Ordinal);

    /// <summary>Which cells of the caches each sequence has.</summary>
    public CellTable Cells => options.Cells;

    /// <summary>How keys and values are kept.</summary>
    public CacheType Type => options.CacheType;

    /// <summary>All of it.</summary>
    public IReadOnlyList<MemoryBlock> Blocks => _pool.Blocks;

    /// <summary>The keys and values of a cache, made when first asked for.</summary>
    public DeviceCache Cache(CacheSpec spec)
    {
        if (_caches.TryGetValue(spec.Name, out var known)) return known;
        var (keyBytes, valueBytes) = (Type.RowBytes(spec.KeyWidth), Type.RowBytes(spec.ValuesInKeys ? spec.KeyWidth : spec.ValueWidth));
        var keys = Zeros(keyBytes * Cells.Capacity * spec.Heads);
        var values = spec.ValuesInKeys ? keys : Zeros(valueBytes * Cells.Capacity * spec.Heads);
        return _caches[spec.Name] = new DeviceCache(keys, values, keyBytes, valueBytes, spec);
    }

    /// <summary>A state, [sequences and saved ones, elements], made when first asked for.</summary>
    public MemoryRange State(StateSpec spec)
    {
        if (!_states.TryGetValue(spec.Name, out var known))
            _states[spec.Name] = known = (Zeros(options.States * spec.Elements * sizeof(float)), spec.Elements);
        return known.Range;
    }

    /// <summary>Makes the states of a sequence zeros.</summary>
    public void ClearStates(int sequence)
    {
        if (_states.Count == 0) return;
        foreach (var (range, elements) in _states.Values) session.Queue.Clear(Of(range, elements, sequence));
        session.Queue.Submit();
    }

    /// <summary>Copies the states of a sequence to another.</summary>
    public void CopyStates(int from, int to)
    {
        if (_states.Count == 0) return;
        foreach (var (range, elements) in _states.Values)
            session.Queue.Copy(Of(range, elements, from), Of(range, elements, to), elements * sizeof(float));
        session.Queue.Submit();
    }

    public void Dispose() => _pool.Dispose();

    private static MemoryRange Of(MemoryRange range, long elements, int sequence) =>
        new(range.Block, range.Offset + (sequence * elements * sizeof(float)), elements * sizeof(float));

    private MemoryRange Zeros(long bytes)
    {
        var range = _pool.Allocate(bytes, bytes * 64);
        session.Queue.Clear(range);
        session.Queue.Submit();
        return range;
    }
}
