using System.Collections.Immutable;
using ArchGen.Formats;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf;

/// <summary>A tensor of an open GGUF file. Its data is the file's own memory: valid until the <see cref="GgufFile"/> is disposed.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed unsafe class GgufTensor
{
    private readonly FileMemory _memory;

    internal GgufTensor(FileMemory memory, string fileName, string name, TensorType type, ImmutableArray<long> dimensions, long elementCount, long offset)
    {
        _memory = memory;
        FileName = fileName;
        Name = name;
        Type = type;
        Dimensions = dimensions;
        ElementCount = elementCount;
        ByteLength = type.ByteLength(elementCount);
        Offset = offset;
    }

    /// <summary>The file that holds the data; for messages. In a split model it is one of the parts.</summary>
    public string FileName { get; }

    /// <summary>The name, unique within the model.</summary>
    public string Name { get; }

    /// <summary>The format of the elements.</summary>
    public TensorType Type { get; }

    /// <summary>One to four sizes, the fastest-varying dimension first; each at least 1.</summary>
    public ImmutableArray<long> Dimensions { get; }

    /// <summary>The product of <see cref="Dimensions"/>.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of the data, without padding.</summary>
    public long ByteLength { get; }

    /// <summary>The offset of the data, in bytes from the beginning of the file.</summary>
    public long Offset { get; }

    /// <summary>The data. Aligned to the file's alignment (32 bytes unless the file says otherwise).</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public byte* Pointer => _memory.Start + Offset;

    /// <summary>The data of a tensor of less than 2 GiB; for larger ones see <see cref="Slice"/>.</summary>
    /// <exception cref="OverflowException">The tensor is larger than a span can be.</exception>
    public ReadOnlySpan<byte> Span => new(Pointer, checked((int)ByteLength));

    /// <summary>A part of the data.</summary>
    public ReadOnlySpan<byte> Slice(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, ByteLength - length);
        return new(Pointer + start, length);
    }

    /// <summary>Name, type and dimensions for a message, such as <c>output.weight (q8_0, [64, 128])</c>.</summary>
    public override string ToString() => $"{Name} ({Type.Name}, [{string.Join(", ", Dimensions)}])";
}
