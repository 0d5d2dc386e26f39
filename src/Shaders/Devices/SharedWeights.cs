using ArchGen.Gguf;

namespace ArchGen.Vulkan.Devices;

/// <summary>Weights on the device. Contexts of one model share them; they go with the last.</summary>
internal sealed class SharedWeights(LogicalDevice device)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<GgufFile, Entry> _entries = new(ReferenceEqualityComparer.Instance);

    /// <summary>The weights of a file. Call <see cref="Return"/> when they are no longer needed.</summary>
    public DeviceWeights Take(GgufFile file)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(file, out var entry)) _entries[file] = entry = new Entry(new DeviceWeights(device, file));
            entry.Users++;
            return entry.Weights;
        }
    }

    /// <summary>Gives weights back.</summary>
    public void Return(GgufFile file)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(file, out var entry) || --entry.Users > 0) return;
            _entries.Remove(file);
            entry.Weights.Dispose();
        }
    }

    private sealed class Entry(DeviceWeights weights)
    {
        public DeviceWeights Weights { get; } = weights;

        public int Users { get; set; }
    }
}
