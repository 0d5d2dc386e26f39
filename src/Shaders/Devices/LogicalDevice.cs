using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>A device that has been opened: its functions, its queue, and what all contexts on it share.</summary>
internal sealed unsafe class LogicalDevice : IDisposable
{
    private long _memoryInUse;

    /// <summary>Bytes of push constants: what every device has.</summary>
    public const int PushBytes = 128;

    public LogicalDevice(Vk vk, VulkanDevice info)
    {
        (Vk, Info) = (vk, info);
        QueueFamily = FindQueueFamily();
        HasMemoryPriority = MemoryPriority.IsSupported(vk, info.Properties);
        Device = Create();
        vk.GetDeviceQueue(Device, QueueFamily, 0, out var queue);
        Queue = queue;
        Pipelines = new Pipelines(this);
        Weights = new SharedWeights(this);
        HostMemory = new HostMemory(this);
    }

    /// <summary>Vulkan's functions.</summary>
    public Vk Vk { get; }

    /// <summary>The device as it is listed.</summary>
    public VulkanDevice Info { get; }

    /// <summary>Its name, for messages.</summary>
    public string Name => Info.Name;

    public Device Device { get; }

    /// <summary>The queue of compute commands. Hold <see cref="QueueLock"/> to submit.</summary>
    public Queue Queue { get; }

    public uint QueueFamily { get; }

    /// <summary>Held by whoever submits.</summary>
    public Lock QueueLock { get; } = new();

    /// <summary>Compiled shaders.</summary>
    public Pipelines Pipelines { get; }

    /// <summary>Weights on the device.</summary>
    public SharedWeights Weights { get; }

    /// <summary>Whether the driver has given the device up; it must be opened again.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether it has been destroyed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Those who have taken it and not returned it yet. Counted by <see cref="VulkanDevice"/>.</summary>
    public int Users { get; set; }

    /// <summary>Whether allocations can state how much they are needed on the device.</summary>
    public bool HasMemoryPriority { get; }

    /// <summary>Reads the process's memory, if it can.</summary>
    public HostMemory HostMemory { get; }

    /// <summary>Bytes of all blocks of memory that are allocated now.</summary>
    public long MemoryInUse => Interlocked.Read(ref _memoryInUse);

    /// <summary>Notes that a block was allocated, or freed.</summary>
    public void CountMemory(long bytes) => Interlocked.Add(ref _memoryInUse, bytes);

    /// <summary>Starts commands.</summary>
    public Result Submit(SubmitInfo* info)
    {
        lock (QueueLock)
        {
            if (Info.Fakes.IsLost?.Invoke() != true) return Vk.QueueSubmit(Queue, 1, info, default);
            // A device that is really lost runs nothing any more.
            Vk.DeviceWaitIdle(Device);
            return Result.ErrorDeviceLost;
        }
    }

    /// <summary>Throws unless a function succeeded.</summary>
    public void Check(Result result, string function)
    {
        if (result == Result.ErrorDeviceLost) IsLost = true;
        result.Check(function, Name);
    }

    /// <summary>Destroys it. Nothing of it is in use any more.</summary>
    public void Dispose()
    {
        if (IsDisposed) return;
        IsDisposed = true;
        Pipelines.Dispose();
        Vk.DestroyDevice(Device, null);
    }

    private uint FindQueueFamily()
    {
        uint count = 0;
        Vk.GetPhysicalDeviceQueueFamilyProperties(Info.Properties.Physical, &count, null);
        var families = new QueueFamilyProperties[count];
        fixed (QueueFamilyProperties* first = families) Vk.GetPhysicalDeviceQueueFamilyProperties(Info.Properties.Physical, &count, first);
        var compute = Array.FindIndex(families, f => (f.QueueFlags & QueueFlags.ComputeBit) != 0);
        return compute >= 0 ? (uint)compute : throw new DeviceException($"{Name} runs no compute shaders. Choose another device.");
    }

    private List<string> Extensions()
    {
        var properties = Info.Properties;
        string[] wanted = ["VK_EXT_memory_budget", HostMemory.Extension, MemoryPriority.Extension];
        var extensions = wanted.Where(properties.Extensions.Contains).ToList();
        if (Info.Features.HasFullSubgroups && properties.ApiVersion < Vk.Version13) extensions.Add("VK_EXT_subgroup_size_control");
        if (Info.MatrixUnit is not null) extensions.Add(MatrixUnit.Extension);
        return extensions;
    }

    private Device Create()
    {
        var properties = Info.Properties;
        var has = Info.Features;
        var hasMatrices = Info.MatrixUnit is not null;
        var matrices = new PhysicalDeviceCooperativeMatrixFeaturesKHR
        {
            SType = StructureType.PhysicalDeviceCooperativeMatrixFeaturesKhr, CooperativeMatrix = true,
        };
        var subgroups = new PhysicalDeviceSubgroupSizeControlFeatures
        {
            SType = StructureType.PhysicalDeviceSubgroupSizeControlFeatures,
            PNext = hasMatrices ? &matrices : null,
            ComputeFullSubgroups = true,
            SubgroupSizeControl = true,
        };
        var f12 = new PhysicalDeviceVulkan12Features
        {
            SType = StructureType.PhysicalDeviceVulkan12Features,
            PNext = has.HasFullSubgroups ? &subgroups : null,
            BufferDeviceAddress = true,
            StorageBuffer8BitAccess = true,
            ScalarBlockLayout = true,
            TimelineSemaphore = true,
            ShaderFloat16 = has.HasFloat16,
            VulkanMemoryModel = hasMatrices,
            // With that model, atomics of other shaders need it.
            VulkanMemoryModelDeviceScope = hasMatrices,
        };
        var f11 = new PhysicalDeviceVulkan11Features { SType = StructureType.PhysicalDeviceVulkan11Features, PNext = &f12, StorageBuffer16BitAccess = true };
        var features = new PhysicalDeviceFeatures2 { SType = StructureType.PhysicalDeviceFeatures2, PNext = &f11, Features = new() { ShaderInt64 = true } };
        var priority = 1f;
        var queue = new DeviceQueueCreateInfo(queueFamilyIndex: QueueFamily, queueCount: 1, pQueuePriorities: &priority);
        var priorities = new PhysicalDeviceMemoryPriorityFeaturesEXT
        {
            SType = StructureType.PhysicalDeviceMemoryPriorityFeaturesExt, PNext = &features, MemoryPriority = true,
        };
        using var names = new CStrings(Extensions());
        var info = new DeviceCreateInfo
        {
            SType = StructureType.DeviceCreateInfo,
            PNext = HasMemoryPriority ? &priorities : &features,
            QueueCreateInfoCount = 1,
            PQueueCreateInfos = &queue,
            EnabledExtensionCount = names.Count,
            PpEnabledExtensionNames = names.Pointer,
        };
        Check(Vk.CreateDevice(properties.Physical, &info, null, out var device), "vkCreateDevice");
        return device;
    }
}
