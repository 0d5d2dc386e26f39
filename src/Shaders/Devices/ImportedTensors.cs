using ArchGen.Gguf;

namespace ArchGen.Vulkan.Devices;

/// <summary>
/// The tensors of an open file that the device reads where the file is mapped, without a copy. The file is cut into parts that are imported when a tensor in
/// them is first needed; the file must stay open as long as they are used.
/// </summary>
internal sealed unsafe class ImportedTensors : IDisposable
{
    /// <summary>The alignment of tensors that shaders can count on, in bytes, as files have it unless they state a smaller one; others are copied.</summary>
    private const int TensorAlignment = 32;

    private const long LargestPart = 1L << 30;

    private readonly LogicalDevice _device;
    private readonly Dictionary<GgufTensor, Part> _parts = [];
    private bool _isRefused;
    private bool _isTried;

    /// <summary>Cuts the file.</summary>
    /// <param name="device">The device.</param>
    /// <param name="tensors">The file's tensors.</param>
    public ImportedTensors(LogicalDevice device, IReadOnlyList<GgufTensor> tensors)
    {
        _device = device;
        if (device.HostMemory.Alignment is not (> 0 and var alignment)) return;
        var (largest, properties) = (Math.Min(LargestPart, device.Info.Fakes.BlockBytes), device.Info.Properties);
        Part? part = null;
        foreach (var tensor in tensors.Where(t => (nint)t.Pointer % TensorAlignment == 0).OrderBy(t => (nint)t.Pointer))
        {
            var begin = Floor((nint)tensor.Pointer, alignment);
            var end = Floor((nint)tensor.Pointer + (nint)tensor.ByteLength + (nint)alignment - 1, alignment);
            if (end - begin > properties.MaxAllocation) continue;
            // Nothing between two tensors is imported but what shares their pages.
            if (part is null || begin > part.End || end - part.Start > Math.Min(largest, properties.MaxAllocation)) part = new Part { Start = begin };
            part.End = end;
            _parts[tensor] = part;
        }
    }

    /// <summary>Bytes that have been imported.</summary>
    public long Bytes => _parts.Values.Distinct().Sum(part => part.Block?.Bytes ?? 0);

    /// <summary>A tensor where the file has it; null if it is to be copied.</summary>
    public MemoryRange? Find(GgufTensor tensor)
    {
        if (_isRefused || !_parts.TryGetValue(tensor, out var part)) return null;
        if (!_isTried)
        {
            _isTried = true;
            _isRefused = !_device.HostMemory.CanRead(part.Start);
            if (_isRefused) return null;
        }

        part.Block ??= MemoryBlock.TryImport(_device, part.Start, part.End - part.Start);
        // A device that refuses one part would refuse the next.
        _isRefused = part.Block is null;
        return part.Block is { } block ? new MemoryRange(block, (nint)tensor.Pointer - part.Start, tensor.ByteLength) : null;
    }

    public void Dispose()
    {
        foreach (var part in _parts.Values) part.Block?.Dispose();
    }

    private static nint Floor(nint address, long alignment) => address - (address % (nint)alignment);

    private sealed class Part
    {
        public nint Start { get; init; }

        public nint End { get; set; }

        public MemoryBlock? Block { get; set; }
    }
}
