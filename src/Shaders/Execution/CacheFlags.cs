using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>Flags that shaders raise where keys or values are too large for the type of the cache.</summary>
/// <param name="device">The device.</param>
internal sealed unsafe class CacheFlags(LogicalDevice device) : IDisposable
{
    private const int BytesAhead = 1 << 16;

    private readonly MemoryPool _pool = new(device, MemoryUse.Readback);
    private readonly List<(nint Flag, Node Node, bool OfKeys, CacheType Type)> _flags = [];

    /// <summary>Whether a cache has a type that not all numbers fit.</summary>
    public bool AreUsed => _flags.Count > 0;

    /// <summary>The address of a flag for the keys or values of an attention; 0 where all numbers fit.</summary>
    public ulong Add(Node node, bool ofKeys, CacheType type)
    {
        if (type == CacheType.F32) return 0;
        var range = _pool.Allocate(sizeof(int), BytesAhead);
        *(int*)range.Mapped = 0;
        _flags.Add((range.Mapped, node, ofKeys, type));
        return range.Address;
    }

    /// <summary>Takes the flags down. The device must have done what it was given.</summary>
    /// <exception cref="ModelFileException">One was raised.</exception>
    public void Check()
    {
        var first = -1;
        for (var i = _flags.Count - 1; i >= 0; i--)
        {
            var flag = (int*)_flags[i].Flag;
            if (*flag == 0) continue;
            (*flag, first) = (0, i);
        }

        if (first >= 0) throw CacheOverflow.Of(_flags[first].Node, _flags[first].OfKeys, _flags[first].Type);
    }

    public void Dispose() => _pool.Dispose();
}
