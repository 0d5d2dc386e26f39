using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>A device that Vulkan offers on this machine: a graphics processor, or software in its place.</summary>
public sealed class VulkanDevice
{
    private static readonly Lazy<VulkanDevice[]> Known = new(Enumerate);
    private static readonly AsyncLocal<IReadOnlyList<VulkanDevice>?> PretendedDevices = new();

    private readonly VulkanInstance _instance;
    private readonly Lock _opening = new();
    private LogicalDevice? _opened;

    private VulkanDevice(VulkanInstance instance, PhysicalDevice physical, int index)
    {
        _instance = instance;
        Index = index;
        Properties = new DeviceProperties(instance.Vk, physical);
        Features = new DeviceFeatures(instance.Vk, Properties);
        MatrixUnit = MatrixUnit.Of(instance, Properties, Features);
    }

    /// <summary>All devices, in the order of the driver; empty where Vulkan is not installed.</summary>
    public static IReadOnlyList<VulkanDevice> All => PretendedDevices.Value ?? Known.Value;

    /// <summary>
    /// Told what the validation layer finds, on any thread, if <c>ARCHGEN_VULKAN_VALIDATION=1</c> turns it on; null unless somebody wants it. Set it before
    /// <see cref="All"/> is first read.
    /// </summary>
    public static Action<string>? ValidationReport
    {
        get => VulkanInstance.Report;
        set => VulkanInstance.Report = value;
    }

    /// <summary>Devices that a test has in the place of the machine's; null for those. Others at the same time do not see them.</summary>
    internal static IReadOnlyList<VulkanDevice>? Pretended
    {
        set => PretendedDevices.Value = value;
    }

    /// <summary>
    /// The device to use where none is named: the first discrete one that can be used, otherwise the first integrated one; null if there is neither.
    /// Software devices are slower than the CPU backend, and must be named.
    /// </summary>
    public static VulkanDevice? Default => All.Where(d => d.IsUsable && !d.IsSoftware).OrderBy(d => d.IsUnified).FirstOrDefault();

    /// <summary>Its place among <see cref="All"/>.</summary>
    public int Index { get; }

    /// <summary>What it is called on the command line: <c>vulkan0</c>.</summary>
    public string Id => $"vulkan{Index}";

    /// <summary>Its name, as the driver gives it.</summary>
    public string Name => Properties.Name;

    /// <summary>The driver's name and version.</summary>
    public string Driver => Properties.Driver;

    /// <summary>What it lacks and the backend needs; empty for a device that can be used.</summary>
    public IReadOnlyList<string> Missing => [.. Features.Missing, .. Fakes.Missing];

    /// <summary>Whether the backend can use it.</summary>
    public bool IsUsable => Missing.Count == 0;

    /// <summary>Whether it shares its memory with the processor.</summary>
    public bool IsUnified => Type is PhysicalDeviceType.IntegratedGpu or PhysicalDeviceType.Cpu;

    /// <summary>Whether it is software that runs on the processor.</summary>
    public bool IsSoftware => Type == PhysicalDeviceType.Cpu;

    /// <summary>Its own memory, in bytes: all heaps that are local to it.</summary>
    public long MemoryBytes => MemoryTypes.LocalHeaps(Properties.Memory).Sum(heap => (long)Properties.Memory.MemoryHeaps[heap].Size);

    /// <summary>Bytes of its memory that are free now, all programs counted; its whole memory where the driver does not say.</summary>
    public unsafe long FreeBytes
    {
        get
        {
            if (Fakes.FreeBytes is { } pretended) return pretended;
            if (!Properties.Extensions.Contains("VK_EXT_memory_budget")) return MemoryBytes;
            var budget = new PhysicalDeviceMemoryBudgetPropertiesEXT { SType = StructureType.PhysicalDeviceMemoryBudgetPropertiesExt };
            var memory = new PhysicalDeviceMemoryProperties2 { SType = StructureType.PhysicalDeviceMemoryProperties2, PNext = &budget };
            _instance.Vk.GetPhysicalDeviceMemoryProperties2(Properties.Physical, &memory);
            long free = 0;
            foreach (var heap in MemoryTypes.LocalHeaps(Properties.Memory)) free += (long)budget.HeapBudget[heap] - (long)budget.HeapUsage[heap];
            return Math.Max(0, free);
        }
    }

    internal DeviceProperties Properties { get; }

    internal DeviceFeatures Features { get; }

    /// <summary>The matrix units that products can use; null if there are none.</summary>
    internal MatrixUnit? MatrixUnit { get; }

    /// <summary>What is pretended of it.</summary>
    internal DeviceFakes Fakes { get; private init; } = new();

    /// <summary>Why the backend cannot use it, as a message; null if it can. The device is opened to find out.</summary>
    public string? Problem
    {
        get
        {
            try
            {
                Open();
                return null;
            }
            catch (DeviceException error)
            {
                return error.Message;
            }
        }
    }

    /// <summary>Opens the device, once for the process.</summary>
    /// <exception cref="DeviceException">It lacks a feature, or the driver refuses.</exception>
    internal LogicalDevice Open()
    {
        if (!IsUsable) throw new DeviceException($"{Name} cannot be used: it lacks {string.Join(", ", Missing)}. Update its driver, or choose another device.");
        lock (_opening)
        {
            if (_opened is null or { IsLost: true }) _opened = new LogicalDevice(_instance.Vk, this);
            return _opened;
        }
    }

    /// <summary>Opens the device for a user, who returns it.</summary>
    /// <exception cref="DeviceException">It lacks a feature, or the driver refuses.</exception>
    internal LogicalDevice Take()
    {
        lock (_opening)
        {
            var device = Open();
            device.Users++;
            return device;
        }
    }

    /// <summary>Returns what <see cref="Take"/> gave. A lost device goes with its last user; another one is kept for the next.</summary>
    internal void Return(LogicalDevice device)
    {
        lock (_opening)
        {
            if (--device.Users == 0 && device.IsLost) device.Dispose();
        }
    }

    /// <summary>The same device with something pretended. It is opened for itself.</summary>
    internal VulkanDevice With(DeviceFakes fakes) => new(_instance, Properties.Physical, Index) { Fakes = fakes };

    private PhysicalDeviceType Type => Fakes.Type ?? Properties.Type;

    private static VulkanDevice[] Enumerate() => VulkanInstance.Current is { } instance
        ? [.. instance.PhysicalDevices().Select((physical, i) => new VulkanDevice(instance, physical, i))]
        : [];
}
