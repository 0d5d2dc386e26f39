using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Vulkan.Devices;

/// <summary>The weights of one model on the device, each when a plan first needs it: read where the file is mapped, or uploaded.</summary>
/// <param name="device">The device.</param>
/// <param name="file">The model.</param>
internal sealed unsafe class DeviceWeights(LogicalDevice device, GgufFile file) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MemoryPool _pool = new(device, MemoryUse.Device);
    private readonly Dictionary<(GgufTensor Tensor, bool AsFloats), MemoryRange> _ranges = [];
    private readonly ImportedTensors _imported = new(device, file.Tensors);
    private readonly Dictionary<GgufTensor, MemoryRange> _powers = [];
    private Uploader? _uploader;

    /// <summary>Bytes of the file that the device reads without a copy.</summary>
    public long ImportedBytes => _imported.Bytes;

    /// <summary>Bytes on the device.</summary>
    public long Bytes => _pool.Bytes;

    /// <summary>A tensor on the device as the file has it.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="ahead">Bytes of weights that will follow, to choose the size of a block by.</param>
    public MemoryRange Stored(GgufTensor tensor, long ahead)
    {
        lock (_lock)
        {
            if (_ranges.TryGetValue((tensor, false), out var known)) return known;
            if (_imported.Find(tensor) is { } imported) return _ranges[(tensor, false)] = imported;
            var range = _pool.Allocate(tensor.ByteLength, ahead);
            Uploader.Write(range, new UnmanagedBytes(tensor.Pointer, tensor.ByteLength));
            return _ranges[(tensor, false)] = range;
        }
    }

    /// <summary>A tensor on the device as 32-bit floats.</summary>
    public MemoryRange Floats(GgufTensor tensor)
    {
        if (tensor.Type == TensorType.F32) return Stored(tensor, 0);
        lock (_lock)
        {
            if (_ranges.TryGetValue((tensor, true), out var known)) return known;
            var elements = new float[tensor.ElementCount];
            fixed (float* first = elements)
            {
                TensorFormats.Of(tensor.Type).Decoder.Decode(tensor.Pointer, first, elements.Length);
                var range = _pool.Allocate(elements.LongLength * sizeof(float));
                Uploader.Write(range, new UnmanagedBytes((byte*)first, elements.LongLength * sizeof(float)));
                return _ranges[(tensor, true)] = range;
            }
        }
    }

    /// <summary>The powers of two of a tensor's rows, floats that the device computes when they are first asked for.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="compute">Computes them, and waits until they are there.</param>
    public MemoryRange Powers(GgufTensor tensor, long rows, Action<MemoryRange> compute)
    {
        lock (_lock)
        {
            if (_powers.TryGetValue(tensor, out var known)) return known;
            var range = _pool.Allocate(rows * sizeof(float));
            compute(range);
            return _powers[tensor] = range;
        }
    }

    public void Dispose()
    {
        _uploader?.Dispose();
        _imported.Dispose();
        _pool.Dispose();
    }

    private Uploader Uploader => _uploader ??= new Uploader(device);
}
