using System.Diagnostics.CodeAnalysis;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Safetensors;

/// <summary>
/// An open safetensors file (github.com/huggingface/safetensors, "Format"): a header in memory, tensor data mapped from disk and read when first touched.
/// Every statement of the file is checked against its size before it is used; an error raises an <see cref="ArchGenException"/>.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly FileMemory _memory;
    private readonly Dictionary<string, SafetensorsTensor> _byName;

    private SafetensorsFile(FileMemory memory, string path)
    {
        _memory = memory;
        Name = path;
        var header = SafetensorsHeader.Read(memory, path);
        Metadata = header.Metadata;
        Tensors = header.Tensors;
        _byName = header.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <summary>The path it was opened by.</summary>
    public string Name { get; }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>Maps a file into memory.</summary>
    /// <exception cref="ArchGenException">The file cannot be read, or is no safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        var memory = FileMemory.Map(path, "a safetensors file");
        try
        {
            return new SafetensorsFile(memory, path);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Finds a tensor by its name.</summary>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out SafetensorsTensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out tensor);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
