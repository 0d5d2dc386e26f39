using System.Collections.Immutable;
using ArchGen.Formats;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf;

/// <summary>
/// The header of one GGUF file, checked against the file's size (GGUF specification, version 3; version 2 has the same layout).
/// </summary>
internal sealed class GgufHeader
{
    public const uint Magic = 0x46554747;
    public const uint Version3 = 3;
    public const string AlignmentKey = "general.alignment";
    public const int DefaultAlignment = 32;
    public const int MaximumDimensions = 4;

    // A name of one byte (8 + 1), the number of dimensions (4), one dimension (8), type (4), offset (8).
    private const int MinimumTensorBytes = 33;

    // A name of one byte (8 + 1), the type (4), one byte of value.
    private const int MinimumPairBytes = 14;

    private readonly FileMemory _memory;
    private readonly string _fileName;

    public unsafe GgufHeader(FileMemory memory, string fileName)
    {
        _memory = memory;
        _fileName = fileName;
        var cursor = new GgufCursor(memory.Start, memory.Length, fileName);
        Version = ReadVersion(cursor);
        var tensorCount = cursor.ReadCount("tensors", MinimumTensorBytes);
        var pairCount = cursor.ReadCount("metadata pairs", MinimumPairBytes);
        Metadata = ReadMetadata(cursor, pairCount);
        Alignment = ReadAlignment(Metadata);
        Tensors = ReadTensors(cursor, tensorCount);
        CheckOverlap();
    }

    public uint Version { get; }

    public GgufMetadata Metadata { get; }

    public int Alignment { get; }

    public GgufTensor[] Tensors { get; }

    /// <summary>The alignment the metadata asks for: a power of two from 8 bytes.</summary>
    public static int ReadAlignment(GgufMetadata metadata)
    {
        var alignment = metadata.GetInt32OrNull(AlignmentKey) ?? DefaultAlignment;
        return alignment >= 8 && int.IsPow2(alignment) ? alignment : throw new ModelFileException(
            $"{metadata.Source}: key \"{AlignmentKey}\": found {alignment}; expected a power of two, 8 or more. Convert the model again.");
    }

    private static uint ReadVersion(GgufCursor cursor)
    {
        var magic = cursor.Read<uint>();
        if (magic != Magic)
        {
            throw cursor.Error(0, $"the file begins with the bytes {BitConverter.GetBytes(magic).Aggregate("", (s, b) => s + b.ToString("X2"))}; "
                + "expected 47475546 (\"GGUF\")", "Give a GGUF model; other formats must be converted first.");
        }

        var version = cursor.Read<uint>();
        if (version != 0 && (version & 0xFFFF) == 0)
            throw cursor.Error(4, "the file is big-endian; expected little-endian", "Convert the model again for little-endian machines.");
        return version is 2 or Version3
            ? version
            : throw cursor.Error(4, $"the file has GGUF version {version}; expected 2 or 3", "Convert the model again to GGUF version 3.");
    }

    private GgufMetadata ReadMetadata(GgufCursor cursor, int count)
    {
        var metadata = new GgufMetadata(_fileName);
        for (var i = 0; i < count; i++)
        {
            cursor.Place = $"metadata pair {i}";
            var at = cursor.Position;
            var key = cursor.ReadName();
            cursor.Place = $"key {MessageText.Quote(key)}";
            if (metadata.ContainsKey(key))
                throw cursor.Error(at, "the key is there twice; expected each key once", "Convert the model again, or remove one of the two.");
            metadata[key] = cursor.ReadValue();
        }

        return metadata;
    }

    private GgufTensor[] ReadTensors(GgufCursor cursor, int count)
    {
        var infos = new (string Name, TensorType Type, ImmutableArray<long> Dimensions, long ElementCount, ulong Offset)[count];
        var names = new HashSet<string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            cursor.Place = $"tensor {i}";
            var at = cursor.Position;
            var name = cursor.ReadName();
            cursor.Place = $"tensor {MessageText.Quote(name)}";
            if (!names.Add(name))
                throw cursor.Error(at, "the name is there twice; expected each tensor once", "Convert the model again.");
            var dimensions = ReadDimensions(cursor);
            at = cursor.Position;
            var type = (TensorType)cursor.Read<uint>();
            if (!type.IsKnown)
            {
                throw cursor.Error(at, $"found tensor type {(uint)type}, which is unknown or withdrawn",
                    "Quantize the model again to a current type, or use a newer version of this program.");
            }

            var elementCount = CheckShape(cursor, at, type, dimensions);
            infos[i] = (name, type, dimensions, elementCount, cursor.Read<ulong>());
        }

        var dataStart = ((UInt128)cursor.Position + (uint)Alignment - 1) / (uint)Alignment * (uint)Alignment;
        var tensors = new GgufTensor[count];
        for (var i = 0; i < count; i++)
        {
            var info = infos[i];
            CheckPlace(info.Name, info.Type.ByteLength(info.ElementCount), info.Offset, dataStart);
            var offset = (long)dataStart + (long)info.Offset;
            tensors[i] = new GgufTensor(_memory, _fileName, info.Name, info.Type, info.Dimensions, info.ElementCount, offset);
        }

        return tensors;
    }

    private static ImmutableArray<long> ReadDimensions(GgufCursor cursor)
    {
        var at = cursor.Position;
        var count = cursor.Read<uint>();
        if (count is 0 or > MaximumDimensions)
            throw cursor.Error(at, $"found {count} dimensions; expected 1 to {MaximumDimensions}", "Convert the model again.");
        var dimensions = new long[count];
        for (var i = 0; i < dimensions.Length; i++)
        {
            at = cursor.Position;
            var size = cursor.Read<ulong>();
            if (size is 0 or > long.MaxValue)
                throw cursor.Error(at, $"dimension {i} is {size}; expected 1 to {long.MaxValue}", "Convert the model again.");
            dimensions[i] = (long)size;
        }

        return ImmutableArray.Create(dimensions);
    }

    private static long CheckShape(GgufCursor cursor, long at, TensorType type, ImmutableArray<long> dimensions)
    {
        string Shape() => string.Join(", ", dimensions);
        UInt128 elements = 1;
        foreach (var size in dimensions)
        {
            elements *= (UInt128)size;
            if (elements > long.MaxValue / 8)
            {
                throw cursor.Error(at, $"the dimensions [{Shape()}] give more elements than a file can hold",
                    "The file is damaged: download or convert it again.");
            }
        }

        if (dimensions[0] % type.BlockSize != 0)
        {
            throw cursor.Error(at, $"the row length {dimensions[0]} of the dimensions [{Shape()}] is no multiple of {type.BlockSize}, "
                + $"the block size of {type.Name}", "Quantize the tensor to a type whose block size divides the row length.");
        }

        return (long)elements;
    }

    private void CheckPlace(string name, long byteLength, ulong offset, UInt128 dataStart)
    {
        var place = $"{_fileName}: tensor {MessageText.Quote(name)}";
        if (offset % (uint)Alignment != 0)
            throw new ModelFileException($"{place}: its offset {offset} is no multiple of the alignment {Alignment}. Convert the model again.");
        var end = dataStart + offset + (UInt128)byteLength;
        if (end > (UInt128)_memory.Length)
        {
            throw new ModelFileException($"{place}: its data, {byteLength} bytes at byte {dataStart + offset}, ends at byte {end}, but the file has only "
                + $"{_memory.Length} bytes. The file is cut off: download or copy it again.");
        }
    }

    private void CheckOverlap()
    {
        GgufTensor[] inFile = [.. Tensors.OrderBy(tensor => tensor.Offset)];
        for (var i = 1; i < inFile.Length; i++)
        {
            GgufTensor before = inFile[i - 1], tensor = inFile[i];
            if (tensor.Offset < before.Offset + before.ByteLength)
            {
                throw new ModelFileException($"{_fileName}: tensor {MessageText.Quote(tensor.Name)} at byte {tensor.Offset} overlaps tensor "
                    + $"{MessageText.Quote(before.Name)}, which ends at byte {before.Offset + before.ByteLength}. "
                    + "The file is damaged: download or convert it again.");
            }
        }
    }
}
