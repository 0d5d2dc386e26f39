using Silk.NET.Vulkan;
using Semaphore = Silk.NET.Vulkan.Semaphore;

namespace ArchGen.Vulkan.Devices;

/// <summary>
/// Commands for the device, recorded and submitted in parts. A timeline semaphore counts the submissions, so that the processor can wait for any of them.
/// Recording allocates nothing.
/// </summary>
internal sealed unsafe class CommandQueue : IDisposable
{
    private const int Buffers = 4;

    private readonly LogicalDevice _device;
    private readonly CommandPool _pool;
    private readonly CommandBuffer[] _buffers = new CommandBuffer[Buffers];
    private readonly ulong[] _submissions = new ulong[Buffers];
    private readonly Semaphore _timeline;
    private Pipeline _bound;
    private KeptCommands? _kept;
    private int _current;
    private bool _isRecording;
    private bool _isDisposed;

    public CommandQueue(LogicalDevice device)
    {
        _device = device;
        var vk = device.Vk;
        var poolInfo = new CommandPoolCreateInfo
        {
            SType = StructureType.CommandPoolCreateInfo, QueueFamilyIndex = device.QueueFamily, Flags = CommandPoolCreateFlags.ResetCommandBufferBit,
        };
        device.Check(vk.CreateCommandPool(device.Device, &poolInfo, null, out _pool), "vkCreateCommandPool");
        for (var i = 0; i < Buffers; i++) _buffers[i] = NewBuffer();
        var type = new SemaphoreTypeCreateInfo { SType = StructureType.SemaphoreTypeCreateInfo, SemaphoreType = SemaphoreType.Timeline };
        var semaphoreInfo = new SemaphoreCreateInfo { SType = StructureType.SemaphoreCreateInfo, PNext = &type };
        device.Check(vk.CreateSemaphore(device.Device, &semaphoreInfo, null, out _timeline), "vkCreateSemaphore");
    }

    /// <summary>The number of submissions so far.</summary>
    public ulong Submitted { get; private set; }

    /// <summary>The number of shaders, copies and clears recorded so far.</summary>
    public long Recorded { get; private set; }

    /// <summary>The submissions that are known to be done.</summary>
    public ulong Completed { get; private set; }

    /// <summary>Records a compute shader.</summary>
    /// <param name="pipeline">The shader.</param>
    /// <param name="push">Its push constants, at most <see cref="LogicalDevice.PushBytes"/>.</param>
    /// <param name="x">Workgroups in x.</param>
    /// <param name="y">Workgroups in y.</param>
    /// <param name="z">Workgroups in z.</param>
    public void Dispatch(Pipeline pipeline, ReadOnlySpan<byte> push, uint x, uint y, uint z)
    {
        var commands = Commands();
        var vk = _device.Vk;
        if (_bound.Handle != pipeline.Handle)
        {
            vk.CmdBindPipeline(commands, PipelineBindPoint.Compute, pipeline);
            _bound = pipeline;
        }

        fixed (byte* first = push)
            vk.CmdPushConstants(commands, _device.Pipelines.Layout, ShaderStageFlags.ComputeBit, 0, (uint)push.Length, first);
        vk.CmdDispatch(commands, x, y, z);
        Recorded++;
    }

    /// <summary>Makes what was written before visible to what is recorded afterwards.</summary>
    public void Barrier()
    {
        var barrier = new MemoryBarrier
        {
            SType = StructureType.MemoryBarrier,
            SrcAccessMask = AccessFlags.ShaderWriteBit | AccessFlags.TransferWriteBit,
            DstAccessMask = AccessFlags.ShaderReadBit | AccessFlags.ShaderWriteBit | AccessFlags.TransferReadBit | AccessFlags.TransferWriteBit,
        };
        const PipelineStageFlags Stages = PipelineStageFlags.ComputeShaderBit | PipelineStageFlags.TransferBit;
        _device.Vk.CmdPipelineBarrier(Commands(), Stages, Stages, 0, 1, &barrier, 0, null, 0, null);
    }

    /// <summary>Records the copy of the first bytes of a range to another.</summary>
    public void Copy(MemoryRange from, MemoryRange to, long bytes)
    {
        var region = new BufferCopy((ulong)from.Offset, (ulong)to.Offset, (ulong)bytes);
        _device.Vk.CmdCopyBuffer(Commands(), from.Block.Buffer, to.Block.Buffer, 1, &region);
        Recorded++;
    }

    /// <summary>Records zeros.</summary>
    public void Clear(MemoryRange range)
    {
        var bytes = ((ulong)range.Bytes + 3) / 4 * 4;
        _device.Vk.CmdFillBuffer(Commands(), range.Block.Buffer, (ulong)range.Offset, bytes, 0);
        Recorded++;
    }

    /// <summary>Records anew what stays recorded, until the next submission. What was recorded before is submitted.</summary>
    public void Begin(KeptCommands kept)
    {
        Submit();
        Wait(kept.Submission);
        if (kept.Buffer.Handle == 0) kept.Buffer = NewBuffer();
        Begin(kept.Buffer, default);
        _kept = kept;
    }

    /// <summary>Starts what stays recorded, after what was recorded before. The submission before must be done.</summary>
    public void Repeat(KeptCommands kept)
    {
        Submit();
        Wait(kept.Submission);
        kept.Submission = Submit(kept.Buffer);
    }

    /// <summary>Frees commands, none of which the device may still run.</summary>
    public void Free(KeptCommands kept)
    {
        var buffer = kept.Buffer;
        if (buffer.Handle != 0) _device.Vk.FreeCommandBuffers(_device.Device, _pool, 1, &buffer);
    }

    /// <summary>Starts what was recorded, and returns its number; that of the last submission if nothing was.</summary>
    public ulong Submit()
    {
        if (!_isRecording) return Submitted;
        var vk = _device.Vk;
        // What follows is recorded into another buffer, and the host reads what was written.
        var barrier = new MemoryBarrier
        {
            SType = StructureType.MemoryBarrier,
            SrcAccessMask = AccessFlags.ShaderWriteBit | AccessFlags.TransferWriteBit,
            DstAccessMask = AccessFlags.HostReadBit | AccessFlags.ShaderReadBit | AccessFlags.ShaderWriteBit | AccessFlags.TransferReadBit
                | AccessFlags.TransferWriteBit,
        };
        vk.CmdPipelineBarrier(
            Commands(), PipelineStageFlags.ComputeShaderBit | PipelineStageFlags.TransferBit,
            PipelineStageFlags.HostBit | PipelineStageFlags.ComputeShaderBit | PipelineStageFlags.TransferBit, 0, 1, &barrier, 0, null, 0, null);
        var commands = Commands();
        _isRecording = false;
        _device.Check(vk.EndCommandBuffer(commands), "vkEndCommandBuffer");
        var value = Submit(commands);
        if (_kept is null)
        {
            _submissions[_current] = value;
            _current = (_current + 1) % Buffers;
        }
        else
        {
            _kept.Submission = value;
            _kept = null;
        }

        return value;
    }

    private ulong Submit(CommandBuffer commands)
    {
        var (value, semaphore) = (Submitted + 1, _timeline);
        var values = new TimelineSemaphoreSubmitInfo
        {
            SType = StructureType.TimelineSemaphoreSubmitInfo, SignalSemaphoreValueCount = 1, PSignalSemaphoreValues = &value,
        };
        var info = new SubmitInfo
        {
            SType = StructureType.SubmitInfo, PNext = &values, CommandBufferCount = 1, PCommandBuffers = &commands, SignalSemaphoreCount = 1,
            PSignalSemaphores = &semaphore,
        };
        _device.Check(_device.Submit(&info), "vkQueueSubmit");
        return Submitted = value;
    }

    /// <summary>Waits until a submission is done.</summary>
    public void Wait(ulong submission)
    {
        if (submission <= Completed) return;
        var semaphore = _timeline;
        var info = new SemaphoreWaitInfo { SType = StructureType.SemaphoreWaitInfo, SemaphoreCount = 1, PSemaphores = &semaphore, PValues = &submission };
        _device.Check(_device.Vk.WaitSemaphores(_device.Device, &info, ulong.MaxValue), "vkWaitSemaphores");
        Completed = submission;
    }

    /// <summary>Submits what was recorded, and waits until all is done.</summary>
    public void Wait() => Wait(Submit());

    /// <summary>Waits until the device is done with all, or lost: memory may only be freed when no command uses it any more.</summary>
    public void Finish()
    {
        if (_device.IsLost) return;
        try
        {
            Wait();
        }
        catch (DeviceException)
        {
            // A lost device runs no commands, and whoever waits for results learns of it.
        }
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        var vk = _device.Vk;
        _isRecording = false;
        Finish();
        vk.DestroySemaphore(_device.Device, _timeline, null);
        vk.DestroyCommandPool(_device.Device, _pool, null);
    }

    /// <summary>The buffer that commands are recorded into.</summary>
    public CommandBuffer Commands()
    {
        if (_isRecording) return _kept?.Buffer ?? _buffers[_current];
        Wait(_submissions[_current]);
        Begin(_buffers[_current], CommandBufferUsageFlags.OneTimeSubmitBit);
        return _buffers[_current];
    }

    private CommandBuffer NewBuffer()
    {
        var info = new CommandBufferAllocateInfo
        {
            SType = StructureType.CommandBufferAllocateInfo, CommandPool = _pool, Level = CommandBufferLevel.Primary, CommandBufferCount = 1,
        };
        CommandBuffer buffer;
        _device.Check(_device.Vk.AllocateCommandBuffers(_device.Device, &info, &buffer), "vkAllocateCommandBuffers");
        return buffer;
    }

    private void Begin(CommandBuffer commands, CommandBufferUsageFlags usage)
    {
        var info = new CommandBufferBeginInfo { SType = StructureType.CommandBufferBeginInfo, Flags = usage };
        _device.Check(_device.Vk.BeginCommandBuffer(commands, &info), "vkBeginCommandBuffer");
        (_isRecording, _bound) = (true, default);
    }
}
