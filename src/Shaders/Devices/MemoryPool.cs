namespace ArchGen.Vulkan.Devices;

/// <summary>A part of a block of device memory.</summary>
/// <param name="Block">The block.</param>
/// <param name="Offset">Its first byte in the block.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct MemoryRange(MemoryBlock Block, long Offset, long Bytes)
{
    /// <summary>What shaders reach it by.</summary>
    public ulong Address => Block.Address + (ulong)Offset;

    /// <summary>Where the processor sees it; 0 if it does not.</summary>
    public nint Mapped => Block.Mapped == 0 ? 0 : Block.Mapped + (nint)Offset;
}

/// <summary>
/// Memory for one use, given out from large blocks and returned all together: drivers limit the number of allocations, and refuse large ones long before
/// their memory is full.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="use">What it is for.</param>
internal sealed class MemoryPool(LogicalDevice device, MemoryUse use) : IDisposable
{
    /// <summary>The alignment of all ranges, in bytes.</summary>
    public const int Alignment = 256;

    /// <summary>
    /// The size of blocks to begin with; halved where the device refuses. What is not used of the last one is lost; a range that is larger has a separate
    /// block.
    /// </summary>
    private const long LargestBlock = 64L << 20;

    private const long SmallestBlock = 1L << 20;

    private readonly List<MemoryBlock> _blocks = [];
    private long _blockBytes = device.Info.Fakes.HasSeparateRanges ? 0 : Math.Min(LargestBlock, device.Info.Fakes.BlockBytes);
    private long _used;

    /// <summary>All bytes that have been allocated from the device.</summary>
    public long Bytes => _blocks.Sum(block => block.Bytes);

    /// <summary>What has been allocated.</summary>
    public IReadOnlyList<MemoryBlock> Blocks => _blocks;

    /// <summary>Gives out memory that lives as long as the pool.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="ahead">Bytes that will be asked for later, so that they come from the same block; 0 if that is not known.</param>
    /// <exception cref="DeviceException">The device has no such memory.</exception>
    public MemoryRange Allocate(long bytes, long ahead = 0)
    {
        bytes = Math.Max(bytes, 4);
        if (_blocks.Count == 0 || _used + bytes > _blocks[^1].Bytes)
        {
            _blocks.Add(NewBlock(bytes, ahead));
            _used = 0;
        }

        var range = new MemoryRange(_blocks[^1], _used, bytes);
        _used = (_used + bytes + Alignment - 1) / Alignment * Alignment;
        return range;
    }

    public void Dispose()
    {
        foreach (var block in _blocks) block.Dispose();
        _blocks.Clear();
    }

    private MemoryBlock NewBlock(long bytes, long ahead)
    {
        // Small ranges share a block, whether or not more was announced: drivers limit the number of allocations.
        var announced = Math.Max(bytes + ahead, SmallestBlock);
        var wanted = Math.Max(bytes, Math.Min(announced, Math.Min(_blockBytes, device.Info.Properties.MaxAllocation)));
        while (true)
        {
            if (MemoryBlock.TryAllocate(device, wanted, use) is { } block) return block;
            if (wanted <= bytes || wanted <= SmallestBlock) break;
            _blockBytes = wanted = Math.Max(bytes, wanted / 2);
        }

        throw new DeviceException($"{device.Name}: the device refuses {bytes >> 20} MiB of memory, after {device.MemoryInUse >> 20} MiB. "
            + "Place fewer layers on it (-ngl), choose a smaller context, or the CPU (--device none).");
    }
}
