using System.Diagnostics;
using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>The device's clock between steps.</summary>
internal sealed unsafe class Timestamps : IDisposable
{
    private readonly LogicalDevice _device;
    private readonly QueryPool _pool;
    private readonly ulong[] _values;
    private readonly double _stopwatchTicks;

    /// <summary>Makes room for a number of readings.</summary>
    public Timestamps(LogicalDevice device, int count)
    {
        _device = device;
        _values = new ulong[count];
        // Nanoseconds of a tick of the device, in ticks of the processor's clock.
        _stopwatchTicks = device.Info.Properties.Limits.TimestampPeriod * 1e-9 * Stopwatch.Frequency;
        var info = new QueryPoolCreateInfo { SType = StructureType.QueryPoolCreateInfo, QueryType = QueryType.Timestamp, QueryCount = (uint)count };
        device.Check(device.Vk.CreateQueryPool(device.Device, &info, null, out _pool), "vkCreateQueryPool");
    }

    /// <summary>Records that all readings are to be taken again.</summary>
    public void Reset(CommandBuffer commands) => _device.Vk.CmdResetQueryPool(commands, _pool, 0, (uint)_values.Length);

    /// <summary>Records a reading, when everything recorded before is done.</summary>
    public void Write(CommandBuffer commands, int i) => _device.Vk.CmdWriteTimestamp(commands, PipelineStageFlags.BottomOfPipeBit, _pool, (uint)i);

    /// <summary>Reads the clock's values, once the commands are done.</summary>
    public void Read()
    {
        fixed (ulong* first = _values)
        {
            var bytes = (nuint)_values.Length * sizeof(ulong);
            _device.Check(
                _device.Vk.GetQueryPoolResults(
                    _device.Device, _pool, 0, (uint)_values.Length, bytes, first, sizeof(ulong), QueryResultFlags.Result64Bit | QueryResultFlags.ResultWaitBit),
                "vkGetQueryPoolResults");
        }
    }

    /// <summary>The time between two readings, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Ticks(int from, int to) => (long)((_values[to] - _values[from]) * _stopwatchTicks);

    public void Dispose() => _device.Vk.DestroyQueryPool(_device.Device, _pool, null);
}
