using System.Buffers.Binary;
using System.Text.Json;
using ArchGen.Formats;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Safetensors;

/// <summary>
/// The header of a safetensors file: its length in 8 bytes, little-endian, then JSON with each tensor's dtype, shape and offsets. The
/// data must follow each other without overlap or gap and fill the rest of the file, as the specification demands.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const int LengthBytes = 8;

    // The limit of the reference implementation.
    private const long MaximumBytes = 100_000_000;
    private const int MaximumDimensions = 16;
    private const int MaximumDepth = 8;
    private const string Remedy = "It is no safetensors file, or damaged; save or download it again.";

    private SafetensorsHeader(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsTensor> tensors) =>
        (Metadata, Tensors) = (metadata, tensors);

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    public static unsafe SafetensorsHeader Read(FileMemory memory, string path)
    {
        if (memory.Length < LengthBytes) throw Fault(path, $"the file has {memory.Length} bytes, expected at least {LengthBytes}");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(memory.Start, LengthBytes));
        if (length > MaximumBytes) throw Fault(path, $"the header has {length} bytes by the file's first eight, expected at most {MaximumBytes}");
        if ((long)length > memory.Length - LengthBytes) throw Fault(path, $"the header has {length} bytes, but the file only {memory.Length}; it is cut off");
        var begin = LengthBytes + (long)length;
        var json = new ReadOnlySpan<byte>(memory.Start + LengthBytes, (int)length);
        return Read(JsonFile.Parse(json, $"{path}: the header", Remedy, depth: MaximumDepth), memory, path, begin);
    }

    private static SafetensorsHeader Read(JsonElement root, FileMemory memory, string path, long begin)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Fault(path, $"the header is a {root.ValueKind}, expected an object");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new List<SafetensorsTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name)) throw Fault(path, $"{MessageText.Quote(property.Name)} is there twice, expected each name once");
            if (property.Name == "__metadata__") ReadMetadata(property.Value, metadata, path);
            else tensors.Add(ReadTensor(property, memory, path, begin));
        }

        // An empty tensor has the offset of the next one and is sorted before it.
        tensors.Sort((a, b) => (a.Offset, a.ByteLength).CompareTo((b.Offset, b.ByteLength)));
        var end = begin;
        foreach (var tensor in tensors)
        {
            if (tensor.Offset != end)
            {
                throw Fault(path, $"the data of {MessageText.Quote(tensor.Name)} begins at {tensor.Offset - begin}, "
                    + $"expected {end - begin}, where that before it ends");
            }

            end += tensor.ByteLength;
        }

        if (end != memory.Length) throw Fault(path, $"the tensors end at byte {end} of the file, which has {memory.Length}; expected the end");
        return new SafetensorsHeader(metadata, tensors);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string path)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Fault(path, $"\"__metadata__\" is a {value.ValueKind}, expected an object of texts");
        foreach (var text in value.EnumerateObject())
        {
            if (text.Value.ValueKind != JsonValueKind.String)
                throw Fault(path, $"\"__metadata__\": {MessageText.Quote(text.Name)} is a {text.Value.ValueKind}, expected a text");
            metadata[text.Name] = text.Value.GetString()!;
        }
    }

    private static SafetensorsTensor ReadTensor(JsonProperty property, FileMemory memory, string path, long begin)
    {
        var name = MessageText.Quote(property.Name);
        var value = property.Value;
        if (value.ValueKind != JsonValueKind.Object)
            throw Fault(path, $"tensor {name} is a {value.ValueKind}, expected an object with dtype, shape and data_offsets");
        if (!value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String) throw Fault(path, $"tensor {name} has no dtype");
        if (!SafetensorsTypes.TryParse(dtype.GetString()!, out var type))
        {
            throw Fault(path, $"tensor {name} has the dtype {MessageText.Quote(dtype.GetString()!)}, "
                + $"expected one of {string.Join(", ", SafetensorsTypes.Names)}");
        }

        var shape = ReadSizes(value, "shape", name, path, MaximumDimensions);
        var offsets = ReadSizes(value, "data_offsets", name, path, 2);
        if (offsets.Length != 2 || offsets[0] > offsets[1])
            throw Fault(path, $"tensor {name} has the data_offsets [{string.Join(", ", offsets)}], expected begin and end");
        if (offsets[1] > memory.Length - begin)
        {
            throw Fault(path, $"the data of tensor {name} ends at {offsets[1]}, but there are only {memory.Length - begin} bytes; "
                + "the file is cut off");
        }

        var bits = (Int128)type.Bits();
        foreach (var size in shape)
        {
            bits *= size;
            if (bits > long.MaxValue) throw Fault(path, $"tensor {name} has the shape [{string.Join(", ", shape)}], which is too large");
        }

        if (bits % 8 != 0) throw Fault(path, $"tensor {name} has {bits} bits for {dtype.GetString()} [{string.Join(", ", shape)}], expected whole bytes");
        if (bits / 8 != offsets[1] - offsets[0])
        {
            throw Fault(path, $"tensor {name} has {offsets[1] - offsets[0]} bytes, expected {bits / 8} for {dtype.GetString()} [{string.Join(", ", shape)}]");
        }

        return new SafetensorsTensor(memory, path, property.Name, type, shape, begin + offsets[0], (long)bits / 8);
    }

    private static long[] ReadSizes(JsonElement tensor, string key, string name, string path, int max)
    {
        if (!tensor.TryGetProperty(key, out var list) || list.ValueKind != JsonValueKind.Array) throw Fault(path, $"tensor {name} has no {key}");
        if (list.GetArrayLength() > max) throw Fault(path, $"tensor {name} has a {key} of {list.GetArrayLength()} numbers, expected at most {max}");
        return [.. list.EnumerateArray().Select(number => number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var size) && size >= 0
            ? size
            : throw Fault(path, $"tensor {name} has {MessageText.Quote(number.ToString())} in its {key}, expected whole numbers from 0"))];
    }

    private static ModelFileException Fault(string path, string fault) => new($"{path}: {fault}. {Remedy}");
}
