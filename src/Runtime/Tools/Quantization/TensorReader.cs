using ArchGen.Gguf;
using Microsoft.Win32.SafeHandles;

namespace ArchGen.Tools.Quantization;

/// <summary>
/// Reads the bytes of tensors from their files. Mapped memory would stay with the process until the system wants it back; a file that is read once, from
/// beginning to end, need not be in memory as a whole.
/// </summary>
internal sealed class TensorReader : IDisposable
{
    private readonly Dictionary<string, SafeFileHandle> _files = new(StringComparer.Ordinal);

    /// <summary>Opens the files of some tensors; those of a model in memory have none.</summary>
    public TensorReader(IEnumerable<GgufTensor> tensors)
    {
        foreach (var name in tensors.Select(t => t.FileName).Distinct())
        {
            if (File.Exists(name)) _files[name] = File.OpenHandle(name, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        }
    }

    /// <summary>Reads a part of a tensor's data.</summary>
    /// <exception cref="ArchGenException">The file ends before it.</exception>
    public void Read(GgufTensor tensor, long start, Span<byte> destination)
    {
        if (!_files.TryGetValue(tensor.FileName, out var file))
        {
            tensor.Slice(start, destination.Length).CopyTo(destination);
            return;
        }

        for (var done = 0; done < destination.Length;)
        {
            var count = RandomAccess.Read(file, destination[done..], tensor.Offset + start + done);
            if (count == 0)
            {
                throw new ModelFileException(
                $"{tensor.FileName}: the file ends within {tensor.Name}, although it was longer when it was opened. Leave it alone while it is quantized.");
            }

            done += count;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files.Values) file.Dispose();
    }
}
