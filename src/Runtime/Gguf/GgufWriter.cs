using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ArchGen.Formats;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf;

/// <summary>
/// Writes a GGUF file, version 3, little-endian. Tensors are added first, and their data is requested while the file is written, one after another,
/// so that a model never has to be in memory as a whole.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
/// <param name="metadata">Written in its order. Its "general.alignment", if it is there, is the alignment of tensor data; otherwise 32 bytes.</param>
public sealed class GgufWriter(GgufMetadata metadata)
{
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The keys and values that are written before the tensors.</summary>
    public GgufMetadata Metadata { get; } = metadata;

    /// <summary>Adds a tensor whose data is written after that of the tensors before it.</summary>
    /// <param name="name">Unlike that of any other tensor.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="dimensions">One to four sizes, fastest first; the first a multiple of the type's block size.</param>
    /// <param name="writeData">Writes exactly the tensor's bytes.</param>
    public void Add(string name, TensorType type, ReadOnlySpan<long> dimensions, Action<Stream> writeData)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var shape = string.Join(", ", dimensions.ToArray());
        ArgumentOutOfRangeException.ThrowIfNotEqual(type.IsKnown, true, nameof(type));
        if (dimensions.Length is 0 or > GgufHeader.MaximumDimensions || dimensions.ContainsAnyExceptInRange(1, long.MaxValue))
        {
            throw new ArgumentException(
                $"tensor \"{name}\": found the dimensions [{shape}]; expected 1 to {GgufHeader.MaximumDimensions} positive sizes.", nameof(dimensions));
        }

        if (dimensions[0] % type.BlockSize != 0)
        {
            throw new ArgumentException(
                $"tensor \"{name}\": the row length of [{shape}] is no multiple of {type.BlockSize}, the block size of {type.Name}.", nameof(dimensions));
        }

        if (!_names.Add(name))
            throw new ArgumentException($"tensor \"{name}\" was already added; expected each name once.", nameof(name));
        long elements = 1;
        foreach (var size in dimensions)
            elements = checked(elements * size);
        _entries.Add(new Entry(name, type, ImmutableArray.Create(dimensions), type.ByteLength(elements), writeData));
    }

    /// <summary>Adds a tensor whose data is in memory.</summary>
    public void Add(string name, TensorType type, ReadOnlySpan<long> dimensions, ReadOnlyMemory<byte> data) =>
        Add(name, type, dimensions, stream => stream.Write(data.Span));

    /// <summary>Adds a tensor of an open file as it is.</summary>
    public void Add(GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Add(tensor.Name, tensor.Type, tensor.Dimensions.AsSpan(), stream =>
        {
            const int Part = 1 << 24;
            for (long done = 0; done < tensor.ByteLength; done += Part)
                stream.Write(tensor.Slice(done, (int)Math.Min(Part, tensor.ByteLength - done)));
        });
    }

    /// <summary>
    /// Writes the file under a temporary name in the same folder, and then renames it: it appears whole or not at all, and replaces an earlier one.
    /// </summary>
    public void Save(string path)
    {
        using var pending = new PendingFile(Path.GetFullPath(path));
        try
        {
            using (var file = new FileStream(pending.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 20))
            {
                WriteTo(file);
                file.Flush(flushToDisk: true);
            }

            pending.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArchGenException($"{path}: the file cannot be written: {e.Message} Check the folder, its permissions and the free space.", e);
        }
    }

    /// <summary>
    /// The layout of the file: the bytes before the data, the offset of each tensor in the order in which they were added, and the length of the file.
    /// </summary>
    public (byte[] Header, long[] Offsets, long Length) Layout()
    {
        var alignment = GgufHeader.ReadAlignment(Metadata);
        var memory = new MemoryStream();
        var output = new CountingStream(memory);
        WriteHeader(output, alignment);
        if (_entries.Count > 0)
            Pad(output, alignment);
        var offsets = new long[_entries.Count];
        var end = output.Position;
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = end;
            end += (_entries[i].ByteLength + alignment - 1) / alignment * alignment;
        }

        return (memory.ToArray(), offsets, end);
    }

    /// <summary>Writes the file to a stream, from the stream's position on.</summary>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var alignment = GgufHeader.ReadAlignment(Metadata);
        var output = new CountingStream(stream);
        WriteHeader(output, alignment);
        foreach (var entry in _entries)
        {
            Pad(output, alignment);
            var start = output.Position;
            entry.WriteData(output);
            if (output.Position - start != entry.ByteLength)
            {
                throw new InvalidOperationException(
                    $"tensor \"{entry.Name}\": {output.Position - start} bytes were written; expected {entry.ByteLength}.");
            }
        }

        if (_entries.Count > 0)
            Pad(output, alignment);
    }

    private void WriteHeader(Stream output, int alignment)
    {
        Write(output, GgufHeader.Magic);
        Write(output, GgufHeader.Version3);
        Write(output, (ulong)_entries.Count);
        Write(output, (ulong)Metadata.Count);
        foreach ((var key, var value) in Metadata)
        {
            WriteString(output, key);
            Write(output, (uint)value.Type);
            WriteValue(output, value);
        }

        ulong offset = 0;
        foreach (var entry in _entries)
        {
            WriteString(output, entry.Name);
            Write(output, (uint)entry.Dimensions.Length);
            foreach (var size in entry.Dimensions)
                Write(output, size);
            Write(output, (uint)entry.Type);
            Write(output, offset);
            offset += (ulong)(entry.ByteLength + alignment - 1) / (uint)alignment * (uint)alignment;
        }
    }

    private static void WriteValue(Stream output, GgufValue value)
    {
        switch (value.Type)
        {
            case GgufValueType.UInt8: Write(output, value.RawScalar<byte>()); break;
            case GgufValueType.Int8: Write(output, value.RawScalar<sbyte>()); break;
            case GgufValueType.UInt16: Write(output, value.RawScalar<ushort>()); break;
            case GgufValueType.Int16: Write(output, value.RawScalar<short>()); break;
            case GgufValueType.UInt32: Write(output, value.RawScalar<uint>()); break;
            case GgufValueType.Int32: Write(output, value.RawScalar<int>()); break;
            case GgufValueType.UInt64: Write(output, value.RawScalar<ulong>()); break;
            case GgufValueType.Int64: Write(output, value.RawScalar<long>()); break;
            case GgufValueType.Float32: Write(output, value.RawScalar<float>()); break;
            case GgufValueType.Float64: Write(output, value.RawScalar<double>()); break;
            case GgufValueType.Bool: Write(output, value.RawScalar<bool>()); break;
            case GgufValueType.String: WriteString(output, value.AsString()); break;
            default: WriteArray(output, value); break;
        }
    }

    private static void WriteArray(Stream output, GgufValue value)
    {
        Write(output, (uint)value.ElementType);
        Write(output, (ulong)value.Count);
        switch (value.ElementType)
        {
            case GgufValueType.UInt8: WriteElements<byte>(output, value); break;
            case GgufValueType.Int8: WriteElements<sbyte>(output, value); break;
            case GgufValueType.UInt16: WriteElements<ushort>(output, value); break;
            case GgufValueType.Int16: WriteElements<short>(output, value); break;
            case GgufValueType.UInt32: WriteElements<uint>(output, value); break;
            case GgufValueType.Int32: WriteElements<int>(output, value); break;
            case GgufValueType.UInt64: WriteElements<ulong>(output, value); break;
            case GgufValueType.Int64: WriteElements<long>(output, value); break;
            case GgufValueType.Float32: WriteElements<float>(output, value); break;
            case GgufValueType.Float64: WriteElements<double>(output, value); break;
            case GgufValueType.Bool: WriteElements<bool>(output, value); break;
            case GgufValueType.String:
                foreach (var text in value.RawElements<string>())
                    WriteString(output, text);
                break;
            default:
                foreach (var array in value.RawElements<GgufValue>())
                    WriteArray(output, array);
                break;
        }
    }

    private static void WriteElements<T>(Stream output, GgufValue value)
        where T : unmanaged => output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(value.RawElements<T>())));

    private static void WriteString(Stream output, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void Write<T>(Stream output, T value)
        where T : unmanaged
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<T>()];
        Unsafe.WriteUnaligned(ref bytes[0], value);
        output.Write(bytes);
    }

    private static void Pad(Stream output, int alignment)
    {
        var padding = (int)(-output.Position & (alignment - 1));
        output.Write(new byte[padding]);
    }

    private readonly record struct Entry(string Name, TensorType Type, ImmutableArray<long> Dimensions, long ByteLength, Action<Stream> WriteData);
}
