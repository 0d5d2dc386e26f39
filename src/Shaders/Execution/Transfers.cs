using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>Reads values from the device and writes values to it.</summary>
internal sealed unsafe class Transfers(VulkanSession session, PlanMemory memory) : IDisposable
{
    private readonly MemoryPool _upload = new(session.Device, MemoryUse.Upload);
    private readonly MemoryPool _readback = new(session.Device, MemoryUse.Readback);
    private MemoryRange _uploadRange;
    private MemoryRange _readbackRange;

    /// <summary>Reads the first rows of a value, row by row without gaps.</summary>
    public void Read(PlanValue value, int rows, Span<float> destination)
    {
        if (rows == 0) return;
        var range = memory.Range(value.Buffer);
        var mapped = (float*)range.Mapped;
        if (mapped is null || !range.Block.IsCached)
        {
            var copy = Grown(_readback, ref _readbackRange, range.Bytes);
            session.Queue.Copy(range, copy, Extent(value, rows));
            mapped = (float*)copy.Mapped;
        }

        session.Queue.Wait();
        for (var (row, at) = (0, 0); row < rows; row++)
        {
            for (var head = 0; head < value.Heads; head++, at += value.Width)
                new ReadOnlySpan<float>(mapped + Place(value, row, head), value.Width).CopyTo(destination[at..]);
        }
    }

    /// <summary>Writes the first rows of a value.</summary>
    public void Write(PlanValue value, int rows, ReadOnlySpan<float> source)
    {
        if (rows == 0) return;
        session.Queue.Wait();
        var range = memory.Range(value.Buffer);
        if (range.Mapped != 0)
        {
            Scatter(value, rows, source, (float*)range.Mapped);
            return;
        }

        if (value.Offset != 0 || !value.HasDenseRows || value.RowStride != value.ElementsPerRow)
            throw new InvalidOperationException("Values are written to the device without gaps.");
        var staging = Grown(_upload, ref _uploadRange, range.Bytes);
        Scatter(value, rows, source, (float*)staging.Mapped);
        session.Queue.Copy(staging, range, Extent(value, rows));
        session.Queue.Submit();
    }

    public void Dispose()
    {
        _upload.Dispose();
        _readback.Dispose();
    }

    private static void Scatter(PlanValue value, int rows, ReadOnlySpan<float> source, float* target)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var head = 0; head < value.Heads; head++, source = source[value.Width..])
                source[..value.Width].CopyTo(new Span<float>(target + Place(value, row, head), value.Width));
        }
    }

    // Bytes from the beginning of the buffer to the end of the value's last row.
    private static long Extent(PlanValue value, int rows) => (Place(value, rows - 1, value.Heads - 1) + value.Width) * sizeof(float);

    private static long Place(PlanValue value, int row, int head) => value.Offset + (row * value.RowStride) + (head * value.HeadStride);

    private static MemoryRange Grown(MemoryPool pool, ref MemoryRange range, long bytes)
    {
        if (range.Bytes < bytes) range = pool.Allocate(bytes);
        return range;
    }
}
