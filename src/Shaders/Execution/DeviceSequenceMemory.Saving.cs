using ArchGen.Runtime.Cache;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <content>Keys, values and states as bytes, for files. Each call allocates the memory that the device and the processor both reach.</content>
internal sealed unsafe partial class DeviceSequenceMemory
{
    /// <summary>Reads the keys of cells, [heads, cells, width], and then their values, if they are not in the keys.</summary>
    public void ReadCells(CacheSpec spec, ReadOnlySpan<int> cells, Span<byte> destination)
    {
        using var pool = new MemoryPool(session.Device, MemoryUse.Readback);
        var memory = pool.Allocate(destination.Length);
        CopyCells(Cache(spec), cells, memory, writes: false);
        session.Queue.Wait();
        new ReadOnlySpan<byte>((void*)memory.Mapped, destination.Length).CopyTo(destination);
    }

    /// <summary>Writes keys and values of cells, in the order of <see cref="ReadCells"/>.</summary>
    public void WriteCells(CacheSpec spec, ReadOnlySpan<int> cells, ReadOnlySpan<byte> source)
    {
        using var pool = new MemoryPool(session.Device, MemoryUse.Upload);
        var memory = pool.Allocate(source.Length);
        source.CopyTo(new Span<byte>((void*)memory.Mapped, source.Length));
        CopyCells(Cache(spec), cells, memory, writes: true);
        session.Queue.Wait();
    }

    /// <summary>Reads a state.</summary>
    public void ReadState(StateSpec spec, int index, Span<byte> destination)
    {
        using var pool = new MemoryPool(session.Device, MemoryUse.Readback);
        var memory = pool.Allocate(destination.Length);
        session.Queue.Copy(Of(State(spec), spec.Elements, index), memory, destination.Length);
        session.Queue.Wait();
        new ReadOnlySpan<byte>((void*)memory.Mapped, destination.Length).CopyTo(destination);
    }

    /// <summary>Writes a state.</summary>
    public void WriteState(StateSpec spec, int index, ReadOnlySpan<byte> source)
    {
        using var pool = new MemoryPool(session.Device, MemoryUse.Upload);
        var memory = pool.Allocate(source.Length);
        source.CopyTo(new Span<byte>((void*)memory.Mapped, source.Length));
        session.Queue.Copy(memory, Of(State(spec), spec.Elements, index), source.Length);
        session.Queue.Wait();
    }

    private void CopyCells(DeviceCache cache, ReadOnlySpan<int> cells, MemoryRange memory, bool writes)
    {
        var end = CopyRows(cache.Keys, cache.KeyBytes, cache.Spec.Heads, cells, memory, 0, writes);
        if (!cache.Spec.ValuesInKeys) CopyRows(cache.Values, cache.ValueBytes, cache.Spec.Heads, cells, memory, end, writes);
    }

    // Cells that follow each other are copied together.
    private long CopyRows(MemoryRange rows, long rowBytes, int heads, ReadOnlySpan<int> cells, MemoryRange memory, long at, bool writes)
    {
        for (var head = 0; head < heads; head++)
        {
            for (int i = 0, count; i < cells.Length; i += count)
            {
                count = 1;
                while (i + count < cells.Length && cells[i + count] == cells[i] + count) count++;
                var bytes = count * rowBytes;
                var there = new MemoryRange(rows.Block, rows.Offset + ((((long)head * Cells.Capacity) + cells[i]) * rowBytes), bytes);
                var here = new MemoryRange(memory.Block, memory.Offset + at, bytes);
                session.Queue.Copy(writes ? here : there, writes ? there : here, bytes);
                at += bytes;
            }
        }

        return at;
    }
}
