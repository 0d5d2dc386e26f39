using System.Diagnostics.CodeAnalysis;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf;

/// <summary>
/// An open GGUF model, versions 2 and 3, little-endian: metadata in memory, tensor data mapped from disk and read when first touched.
/// Every statement of the file is checked against its size before it is used; an error raises an <see cref="ModelFileException"/>.
/// Pointers to tensor data are valid until <see cref="Dispose"/>. Read-only: safe for concurrent callers until then.
/// </summary>
public sealed class GgufFile : IDisposable
{
    private readonly List<FileMemory> _memories = [];
    private readonly List<GgufTensor> _tensors = [];
    private readonly Dictionary<string, GgufTensor> _byName = new(StringComparer.Ordinal);

    private GgufFile(FileMemory memory, string name)
    {
        Name = name;
        var header = Add(memory, name);
        Version = header.Version;
        Alignment = header.Alignment;
        Metadata = header.Metadata;
    }

    /// <summary>The path the file was opened by, or the name given to the stream; of a split model the first part.</summary>
    public string Name { get; }

    /// <summary>GGUF version: 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>Bytes to whose multiples tensor data is aligned.</summary>
    public int Alignment { get; }

    /// <summary>The metadata; of a split model that of the first part.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>The tensors in file order; of a split model those of all parts.</summary>
    public IReadOnlyList<GgufTensor> Tensors => _tensors;

    /// <summary>Maps a model into memory. The first part of a split model opens all parts.</summary>
    public static GgufFile Open(string path)
    {
        var file = FromMemory(FileMemory.Map(path, "a GGUF model"), path);
        try
        {
            var count = GgufSplit.CountParts(file.Metadata);
            if (count > 1)
                file.OpenFurtherParts(GgufSplit.PathsFromFirst(path, file.Metadata, count));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Copies a model from a seekable stream, such as an embedded resource, to memory aligned to 64 bytes. It must not be split.</summary>
    /// <param name="stream">Read from its position to its end.</param>
    /// <param name="name">The name of the model in messages.</param>
    public static GgufFile FromStream(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = FromMemory(FileMemory.Copy(stream, name), name);
        try
        {
            var count = GgufSplit.CountParts(file.Metadata);
            return count == 1 ? file : throw new ModelFileException(
                $"{name}: the model is split into {count} files; expected one. Merge the parts, or open the first part by its path.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Finds a tensor by its name; false if the file has none.</summary>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out GgufTensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out tensor);
    }

    /// <summary>Closes the file. Its tensors cannot be read afterwards; it is unmapped when no context computes with it any more.</summary>
    public void Dispose()
    {
        foreach (var memory in _memories)
            memory.Dispose();
    }

    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    internal void RequireOpen() => ObjectDisposedException.ThrowIf(_memories.Exists(memory => memory.IsClosed), this);

    /// <summary>Keeps the file mapped until <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    internal void Hold()
    {
        RequireOpen();
        foreach (var memory in _memories) memory.Hold();
    }

    /// <summary>Ends one <see cref="Hold"/>.</summary>
    internal void Release()
    {
        foreach (var memory in _memories) memory.Release();
    }

    private static GgufFile FromMemory(FileMemory memory, string name)
    {
        try
        {
            return new GgufFile(memory, name);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private GgufHeader Add(FileMemory memory, string name)
    {
        _memories.Add(memory);
        var header = new GgufHeader(memory, name);
        foreach (var tensor in header.Tensors)
        {
            if (_byName.TryGetValue(tensor.Name, out var other))
            {
                throw new ModelFileException($"{name}: tensor {MessageText.Quote(tensor.Name)} is also in {other.FileName}; expected each tensor once. "
                    + "Download the parts again, all from one model.");
            }

            _byName.Add(tensor.Name, tensor);
            _tensors.Add(tensor);
        }

        return header;
    }

    private void OpenFurtherParts(string[] paths)
    {
        for (var i = 1; i < paths.Length; i++)
        {
            var part = Add(FileMemory.Map(paths[i], "a GGUF model"), paths[i]);
            GgufSplit.CheckPart(part.Metadata, i, paths.Length);
        }

        var expected = Metadata.GetInt32(GgufSplit.TensorCountKey);
        if (_tensors.Count != expected)
        {
            throw new ModelFileException($"{Name}: the {paths.Length} parts hold {_tensors.Count} tensors; key \"{GgufSplit.TensorCountKey}\" says {expected}. "
                + "Download the parts again, all from one model.");
        }
    }
}
