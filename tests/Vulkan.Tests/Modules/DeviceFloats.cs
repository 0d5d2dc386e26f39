using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>A device, and floats that both it and the processor see. The test is skipped where there is no device.</summary>
internal sealed unsafe class DeviceFloats : IDisposable
{
    private readonly MemoryPool _pool;

    public DeviceFloats()
    {
        Device = TestDevice.Get().Open();
        _pool = new MemoryPool(Device, MemoryUse.Upload);
        Queue = new CommandQueue(Device);
    }

    public LogicalDevice Device { get; }

    public CommandQueue Queue { get; }

    /// <summary>Memory for some floats.</summary>
    public MemoryRange New(int count) => _pool.Allocate(count * sizeof(float));

    /// <summary>The memory as the processor sees it.</summary>
    public static Span<T> Of<T>(MemoryRange range) where T : unmanaged => new((void*)range.Mapped, (int)(range.Bytes / sizeof(T)));

    public void Dispose()
    {
        Queue.Dispose();
        _pool.Dispose();
    }
}
