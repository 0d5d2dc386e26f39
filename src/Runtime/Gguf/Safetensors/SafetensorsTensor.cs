using System.Buffers.Binary;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Safetensors;

/// <summary>A tensor of an open safetensors file. Its data is the file's own memory: valid until the <see cref="SafetensorsFile"/> is disposed.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed unsafe class SafetensorsTensor
{
    private readonly string _fileName;

    internal SafetensorsTensor(FileMemory memory, string fileName, string name, SafetensorsType type, long[] shape, long offset, long byteLength)
    {
        (Memory, _fileName, Name, Type, Shape, Offset, ByteLength) = (memory, fileName, name, type, shape, offset, byteLength);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The type of the elements.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The dimensions, slowest first; none for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of elements.</summary>
    public long ElementCount => ByteLength / Type.Bits() * 8 + ByteLength % Type.Bits() * 8 / Type.Bits();

    /// <summary>The number of bytes.</summary>
    public long ByteLength { get; }

    /// <summary>The file's bytes.</summary>
    internal FileMemory Memory { get; }

    /// <summary>The offset of the data in the file.</summary>
    internal long Offset { get; }

    /// <summary>The first byte of the data, of any alignment.</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public byte* Pointer => Memory.Start + Offset;

    /// <summary>The elements as f32, row by row. Exact for F32, F16 and BF16; F64 is rounded.</summary>
    /// <exception cref="ModelFileException">They are no floats of 16 bits or more, or too many for one array.</exception>
    public float[] ToSingles()
    {
        if (ElementCount > Array.MaxLength)
        {
            throw new ModelFileException($"{_fileName}: tensor {MessageText.Quote(Name)} has {ElementCount} elements; expected at most {Array.MaxLength}. "
                + "Save it in parts.");
        }

        var values = new float[ElementCount];
        var bytes = Pointer;
        switch (Type)
        {
            case SafetensorsType.F32:
                for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(new ReadOnlySpan<byte>(bytes + (i * 4L), 4));
                break;
            case SafetensorsType.F64:
                for (var i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(new ReadOnlySpan<byte>(bytes + (i * 8L), 8));
                break;
            case SafetensorsType.F16:
                for (var i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(new ReadOnlySpan<byte>(bytes + (i * 2L), 2));
                break;
            case SafetensorsType.BF16:
                for (var i = 0; i < values.Length; i++)
                {
                    uint bits = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(bytes + (i * 2L), 2));
                    values[i] = BitConverter.UInt32BitsToSingle(bits << 16);
                }

                break;
            default:
                throw new ModelFileException($"{_fileName}: tensor {MessageText.Quote(Name)} is {Type}; expected F32, F16, BF16 or F64. "
                    + "Convert it before it is saved.");
        }

        return values;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";
}
