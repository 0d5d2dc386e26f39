using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>
/// Shaders compiled for the device: each when a plan first asks for it, several at a time on threads of the pool, and kept as long as the device is open.
/// </summary>
internal sealed unsafe class Pipelines : IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly LogicalDevice _device;
    private readonly ConcurrentDictionary<string, Lazy<DevicePipeline>> _known = new(StringComparer.Ordinal);
    private readonly PipelineCacheFile _cache;

    public Pipelines(LogicalDevice device)
    {
        _device = device;
        var range = new PushConstantRange { StageFlags = ShaderStageFlags.ComputeBit, Size = LogicalDevice.PushBytes };
        var info = new PipelineLayoutCreateInfo { SType = StructureType.PipelineLayoutCreateInfo, PushConstantRangeCount = 1, PPushConstantRanges = &range };
        device.Check(device.Vk.CreatePipelineLayout(device.Device, &info, null, out var layout), "vkCreatePipelineLayout");
        Layout = layout;
        _cache = new PipelineCacheFile(device);
    }

    /// <summary>The layout of all pipelines: push constants, and no descriptors.</summary>
    public PipelineLayout Layout { get; }

    /// <summary>The number of shaders that have been compiled.</summary>
    public int Count => _known.Count;

    /// <summary>A shader that is compiled, or will be: whoever needs it waits for it.</summary>
    /// <param name="name">Names the module.</param>
    /// <param name="module">Gives its SPIR-V, if it has not been compiled; called on another thread.</param>
    /// <param name="constants">The specialization constants 0, 1, ...</param>
    public DevicePipeline Get(string name, Func<uint[]> module, params ReadOnlySpan<uint> constants) => GetOfSubgroups(0, name, module, constants);

    /// <summary>A shader whose subgroups have a size, that is compiled, or will be.</summary>
    /// <param name="subgroupSize">The invocations of a subgroup; 0 leaves it to the driver.</param>
    /// <param name="name">Names the module.</param>
    /// <param name="module">Gives its SPIR-V, if it has not been compiled; called on another thread.</param>
    /// <param name="constants">The specialization constants 0, 1, ...</param>
    public DevicePipeline GetOfSubgroups(uint subgroupSize, string name, Func<uint[]> module, params ReadOnlySpan<uint> constants)
    {
        var values = constants.ToArray();
        var key = $"{name}({string.Join(',', values)})";
        var known = _known.GetOrAdd(key, New);
        if (!known.Value.HasFailed) return known.Value;
        // A refusal, for lack of memory perhaps, is not kept for the next who asks.
        _known.TryRemove(KeyValuePair.Create(key, known));
        return _known.GetOrAdd(key, New).Value;

        Lazy<DevicePipeline> New(string _) => new(() => new DevicePipeline(Task.Run(() => Compile(subgroupSize, name, module(), values))));
    }

    /// <summary>Waits for shaders.</summary>
    /// <param name="pipelines">The shaders.</param>
    /// <param name="report">Told how many of them are done, of how many, again and again once it takes long; null if nobody wants to know.</param>
    /// <param name="quiet">Takes longer than this before anything is reported.</param>
    /// <exception cref="DeviceException">The driver refuses one.</exception>
    public static void Wait(IReadOnlyList<DevicePipeline> pipelines, Action<int, int>? report, TimeSpan quiet)
    {
        var (start, reports) = (Stopwatch.GetTimestamp(), 0);
        foreach (var pipeline in pipelines)
        {
            while (!pipeline.Wait(ReportInterval))
            {
                if (report is null || Stopwatch.GetElapsedTime(start) < quiet) continue;
                report(pipelines.Count(p => p.IsDone), pipelines.Count);
                reports++;
            }
        }

        if (reports > 0) report!(pipelines.Count, pipelines.Count);
        foreach (var pipeline in pipelines) _ = pipeline.Handle;
    }

    /// <summary>Destroys all of it, before the device is.</summary>
    public void Dispose()
    {
        foreach (var pipeline in _known.Values.Select(made => made.Value))
        {
            pipeline.Wait(Timeout.InfiniteTimeSpan);
            if (!pipeline.HasFailed) _device.Vk.DestroyPipeline(_device.Device, pipeline.Handle, null);
        }

        _known.Clear();
        _device.Vk.DestroyPipelineLayout(_device.Device, Layout, null);
        _cache.Dispose();
    }

    /// <summary>Writes what has been compiled to the disk, for the next process.</summary>
    public void Save() => _cache.Save();

    private Pipeline Compile(uint subgroupSize, string name, uint[] words, uint[] constants)
    {
        var vk = _device.Vk;
        if (_device.Info.Fakes.Rewrite is { } rewrite) words = rewrite(words);
        ShaderModule module;
        fixed (uint* code = words)
        {
            var moduleInfo = new ShaderModuleCreateInfo { SType = StructureType.ShaderModuleCreateInfo, CodeSize = (nuint)words.Length * 4, PCode = code };
            _device.Check(vk.CreateShaderModule(_device.Device, &moduleInfo, null, out module), $"vkCreateShaderModule of {name}");
        }

        try
        {
            return Compile(subgroupSize, name, module, constants);
        }
        finally
        {
            vk.DestroyShaderModule(_device.Device, module, null);
        }
    }

    private Pipeline Compile(uint subgroupSize, string name, ShaderModule module, uint[] constants)
    {
        var size = new PipelineShaderStageRequiredSubgroupSizeCreateInfo
        {
            SType = StructureType.PipelineShaderStageRequiredSubgroupSizeCreateInfo, RequiredSubgroupSize = subgroupSize,
        };
        using var entry = new CStrings("main");
        var entries = stackalloc SpecializationMapEntry[constants.Length];
        for (var i = 0; i < constants.Length; i++) entries[i] = new SpecializationMapEntry((uint)i, (uint)i * 4, 4);
        fixed (uint* data = constants)
        {
            var special = new SpecializationInfo
            {
                MapEntryCount = (uint)constants.Length, PMapEntries = entries, DataSize = (nuint)constants.Length * 4, PData = data,
            };
            var info = new ComputePipelineCreateInfo
            {
                SType = StructureType.ComputePipelineCreateInfo,
                Layout = Layout,
                Stage = new PipelineShaderStageCreateInfo
                {
                    SType = StructureType.PipelineShaderStageCreateInfo,
                    PNext = subgroupSize == 0 ? null : &size,
                    Stage = ShaderStageFlags.ComputeBit,
                    Module = module,
                    PName = entry.First,
                    PSpecializationInfo = constants.Length == 0 ? null : &special,
                    // Sums over a subgroup need all of its invocations.
                    Flags = _device.Info.Features.HasFullSubgroups ? PipelineShaderStageCreateFlags.RequireFullSubgroupsBit : 0,
                },
            };
            Pipeline pipeline;
            _device.Check(
                _device.Vk.CreateComputePipelines(_device.Device, _cache.Handle, 1, &info, null, &pipeline), $"vkCreateComputePipelines of {name}");
            return pipeline;
        }
    }
}
