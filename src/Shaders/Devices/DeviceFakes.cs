using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>What tests pretend of a device: limits and faults that this machine does not have. Without a word of theirs nothing is pretended.</summary>
internal sealed record DeviceFakes
{
    /// <summary>Features that it lacks.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What kind of a device it is; null for its own. Memory types are still chosen by its own.</summary>
    public PhysicalDeviceType? Type { get; init; }

    /// <summary>Bytes of its memory that are free; null for those that are.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Bytes that it gives out; it refuses more.</summary>
    public long MemoryBytes { get; set; } = long.MaxValue;

    /// <summary>The largest block of memory that ranges are given out from.</summary>
    public long BlockBytes { get; init; } = long.MaxValue;

    /// <summary>The largest block of memory of a plan's arena.</summary>
    public long ArenaBlockBytes { get; init; } = long.MaxValue;

    /// <summary>Whether it refuses to read memory of the process, as devices do that do not share it.</summary>
    public bool RefusesImports { get; init; }

    /// <summary>Whether each range of memory, and each buffer of a plan, is an allocation of its own.</summary>
    public bool HasSeparateRanges { get; init; }

    /// <summary>What fresh memory has in each of its words, as far as the processor sees it; null for what it happens to have.</summary>
    public uint? FreshWord { get; init; }

    /// <summary>What a module is replaced by before it is compiled; null if it is not.</summary>
    public Func<uint[], uint[]>? Rewrite { get; init; }

    /// <summary>Asked at each submission whether the device is lost; null if it never is.</summary>
    public Func<bool>? IsLost { get; init; }
}
