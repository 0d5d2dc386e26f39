using System.Security.Cryptography;
using Silk.NET.Vulkan;

namespace ArchGen.Vulkan.Devices;

/// <summary>
/// What the driver has compiled, kept on the disk from one process to the next. The file belongs to one driver; one that is damaged or cannot be written is
/// left alone, and the shaders are compiled again. It begins with a hash of the rest, since drivers check little more than their own header.
/// </summary>
internal sealed unsafe class PipelineCacheFile : IDisposable
{
    private readonly LogicalDevice _device;
    private readonly string? _path;
    private long _savedBytes;

    public PipelineCacheFile(LogicalDevice device)
    {
        _device = device;
        _path = PathOf(device);
        var data = Read(_path);
        fixed (byte* first = data)
        {
            var info = new PipelineCacheCreateInfo
            {
                SType = StructureType.PipelineCacheCreateInfo, InitialDataSize = (nuint)data.Length, PInitialData = first,
            };
            if (device.Vk.CreatePipelineCache(device.Device, &info, null, out var handle) < 0)
            {
                info = new PipelineCacheCreateInfo { SType = StructureType.PipelineCacheCreateInfo };
                device.Check(device.Vk.CreatePipelineCache(device.Device, &info, null, out handle), "vkCreatePipelineCache");
            }

            Handle = handle;
            _savedBytes = data.Length;
        }
    }

    /// <summary>The driver's cache.</summary>
    public PipelineCache Handle { get; }

    /// <summary>Writes the file, if there is more than it has.</summary>
    public void Save()
    {
        nuint size = 0;
        if (_path is null || _device.Vk.GetPipelineCacheData(_device.Device, Handle, &size, null) < 0 || (long)size == _savedBytes) return;
        var data = new byte[size];
        fixed (byte* first = data)
        {
            if (_device.Vk.GetPipelineCacheData(_device.Device, Handle, &size, first) < 0) return;
        }

        Array.Resize(ref data, (int)size);
        var temporary = $"{_path}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllBytes(temporary, [.. SHA256.HashData(data), .. data]);
            File.Move(temporary, _path, overwrite: true);
            _savedBytes = (long)size;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Delete(temporary);
        }
    }

    /// <summary>Destroys the driver's cache.</summary>
    public void Dispose() => _device.Vk.DestroyPipelineCache(_device.Device, Handle, null);

    private static string? PathOf(LogicalDevice device)
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length == 0 ? null : Path.Combine(folder, "archgen", "pipelines", device.Info.Properties.CacheKey);
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // There is no such folder, or nothing can be changed in it.
        }
    }

    private static byte[] Read(string? path)
    {
        try
        {
            var file = path is not null && File.Exists(path) ? File.ReadAllBytes(path).AsSpan() : [];
            if (file.Length <= SHA256.HashSizeInBytes) return [];
            var data = file[SHA256.HashSizeInBytes..].ToArray();
            return file.StartsWith(SHA256.HashData(data)) ? data : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
