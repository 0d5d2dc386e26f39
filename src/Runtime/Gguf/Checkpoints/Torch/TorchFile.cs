using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Checkpoints.Torch;

/// <summary>
/// A file that torch.save wrote: a zip archive of stored entries, a pickle that describes the tensors, and their storages. The pickle is read by an
/// <see cref="Unpickler"/> that executes nothing.
/// </summary>
internal static class TorchFile
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFileException">It is no such file, damaged, or asks for more than a dictionary of tensors needs.</exception>
    public static WeightFile Open(string path)
    {
        var memory = FileMemory.Map(path, "a PyTorch file");
        try
        {
            var entries = ZipDirectory.Read(memory, path);
            var pickle = entries.Keys.FirstOrDefault(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) || name == "data.pkl")
                ?? throw new ModelFileException($"{path}: the archive has no data.pkl; it was not written by torch.save. Save it as safetensors.");
            var folder = pickle[..^"data.pkl".Length];
            var root = Unpickler.Read(Bytes(memory, entries[pickle]), path);
            var place = Path.GetFileName(path);
            return new WeightFile(path, [.. Named(root, path).Select(named => Tensor(named.Name, named.Tensor, folder, entries, memory, place, path))], memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private static unsafe ReadOnlySpan<byte> Bytes(FileMemory memory, (long Offset, long Length) entry) =>
        new(memory.Start + entry.Offset, (int)Math.Min(entry.Length, int.MaxValue));

    /// <summary>The tensors of a state dict, which may be under <c>state_dict</c> or <c>model</c>.</summary>
    private static IEnumerable<(string Name, PickledTensor Tensor)> Named(object? root, string path)
    {
        if (root is not Dictionary<string, object?> entries)
            throw new ModelFileException($"{path}: the file holds no dictionary of tensors. Save the state dict.");
        foreach (var key in new[] { "state_dict", "model" })
        {
            if (entries.TryGetValue(key, out var inner) && inner is Dictionary<string, object?> state) entries = state;
        }

        foreach (var (name, value) in entries)
        {
            if (value is PickledTensor tensor) yield return (name, tensor);
        }
    }

    private static CheckpointTensor Tensor(
        string name, PickledTensor tensor, string folder, Dictionary<string, (long Offset, long Length)> entries, FileMemory memory, string place, string path)
    {
        if (!entries.TryGetValue($"{folder}data/{tensor.Storage}", out var entry))
            throw new ModelFileException($"{path}: the storage {tensor.Storage} of {name} is not there. The file is damaged; download it again.");
        var width = tensor.Type.Bytes();
        Int128 last = tensor.Offset;
        var isEmpty = tensor.Shape.Contains(0);
        for (var d = 0; d < tensor.Shape.Length; d++) last += (Int128)(tensor.Shape[d] - 1) * tensor.Strides[d];
        if (tensor.Offset < 0 || (!isEmpty && (last + 1) * width > entry.Length))
        {
            throw new ModelFileException($"{path}: {name} reaches to byte {(last + 1) * width} of its storage, which has {entry.Length}. "
                + "The file is damaged; download it again.");
        }

        var stored = new StoredTensor(name, tensor.Type, tensor.Type.ToString(), [entry.Length / width], memory, entry.Offset, place);
        return tensor.IsContiguous
            ? new StoredTensor(name, tensor.Type, tensor.Type.ToString(), tensor.Shape, memory, entry.Offset + (tensor.Offset * width), place)
            : new StridedTensor(name, stored, tensor.Offset, tensor.Shape, tensor.Strides);
    }
}
