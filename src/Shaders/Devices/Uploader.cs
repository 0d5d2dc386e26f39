namespace ArchGen.Vulkan.Devices;

/// <summary>Bytes of the process's memory.</summary>
/// <param name="Start">The first.</param>
/// <param name="Length">Their number.</param>
internal readonly unsafe record struct UnmanagedBytes(nint Start, long Length)
{
    public UnmanagedBytes(byte* start, long length)
        : this((nint)start, length)
    {
    }
}

/// <summary>
/// Copies bytes to the device: directly where the processor sees the device's memory, otherwise through two buffers in turn, one of which is filled while the
/// device copies from the other.
/// </summary>
internal sealed unsafe class Uploader(LogicalDevice device) : IDisposable
{
    private const int BufferBytes = 16 << 20;

    private readonly MemoryPool _staging = new(device, MemoryUse.Upload);
    private readonly MemoryRange?[] _buffers = new MemoryRange?[2];
    private readonly ulong[] _submissions = new ulong[2];
    private CommandQueue? _queue;
    private int _next;

    /// <summary>Writes bytes to a range of device memory, and waits until they are there.</summary>
    public void Write(MemoryRange target, UnmanagedBytes source)
    {
        if (target.Mapped != 0)
        {
            System.Buffer.MemoryCopy((void*)source.Start, (void*)target.Mapped, target.Bytes, source.Length);
            return;
        }

        _queue ??= new CommandQueue(device);
        for (long done = 0; done < source.Length;)
        {
            var count = Math.Min(BufferBytes, source.Length - done);
            var buffer = _buffers[_next] ??= _staging.Allocate(BufferBytes, BufferBytes);
            _queue.Wait(_submissions[_next]);
            System.Buffer.MemoryCopy((void*)(source.Start + (nint)done), (void*)buffer.Mapped, BufferBytes, count);
            _queue.Copy(buffer, target with { Offset = target.Offset + done, Bytes = count }, count);
            _submissions[_next] = _queue.Submit();
            _next ^= 1;
            done += count;
        }

        _queue.Wait();
    }

    public void Dispose()
    {
        _queue?.Dispose();
        _staging.Dispose();
    }
}
