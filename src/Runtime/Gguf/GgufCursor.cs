using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using ArchGen.Formats;

namespace ArchGen.Gguf;

/// <summary>Reads the header of a GGUF file from front to back, never past its end, and allocates only what the remaining bytes can fill.</summary>
internal sealed unsafe class GgufCursor(byte* start, long length, string fileName)
{
    // Far above any real key, vocabulary or chat template, and low enough that a hostile file cannot exhaust memory.
    private const int MaximumStringBytes = 1 << 28;
    private const int MaximumNameBytes = 65535;
    private const int MaximumArrayElements = 1 << 26;
    private const int MaximumArrayDepth = 8;

    public long Position { get; private set; }

    /// <summary>The item that is read, for messages: <c>key "x"</c>.</summary>
    public string Place { get; set; } = "the header";

    /// <summary>Bytes that follow.</summary>
    public long Remaining => length - Position;

    public T Read<T>()
        where T : unmanaged
    {
        Require(sizeof(T));
        var value = Unsafe.ReadUnaligned<T>(start + Position);
        Position += sizeof(T);
        return value;
    }

    /// <summary>The next bytes, unchanged.</summary>
    public ReadOnlySpan<byte> ReadBytes(long count)
    {
        Require(count);
        var bytes = new ReadOnlySpan<byte>(start + Position, checked((int)count));
        Position += count;
        return bytes;
    }

    /// <summary>Reads the number of items that follow, each of which has at least a given number of bytes.</summary>
    public int ReadCount(string things, int minimumBytes)
    {
        var at = Position;
        var count = Read<ulong>();
        if (count > (ulong)(Remaining / minimumBytes))
        {
            throw Error(at, $"the file claims {count} {things}, but only {Remaining} bytes follow; expected at most {Remaining / minimumBytes}",
                "The file is damaged or cut off: download or convert it again.");
        }

        if (count > MaximumArrayElements)
        {
            throw Error(at, $"the file claims {count} {things}; expected at most {MaximumArrayElements}",
                "Convert the model again without the oversized metadata.");
        }

        return (int)count;
    }

    /// <summary>Reads a key or a tensor name.</summary>
    public string ReadName()
    {
        var at = Position;
        var name = ReadString(MaximumNameBytes);
        return name.Length > 0 ? name : throw Error(at, "found an empty name; expected at least one character", "Convert the model again.");
    }

    public GgufValue ReadValue()
    {
        var type = ReadType();
        return type switch
        {
            GgufValueType.UInt8 => GgufValue.From(Read<byte>()),
            GgufValueType.Int8 => GgufValue.From(Read<sbyte>()),
            GgufValueType.UInt16 => GgufValue.From(Read<ushort>()),
            GgufValueType.Int16 => GgufValue.From(Read<short>()),
            GgufValueType.UInt32 => GgufValue.From(Read<uint>()),
            GgufValueType.Int32 => GgufValue.From(Read<int>()),
            GgufValueType.UInt64 => GgufValue.From(Read<ulong>()),
            GgufValueType.Int64 => GgufValue.From(Read<long>()),
            GgufValueType.Float32 => GgufValue.From(Read<float>()),
            GgufValueType.Float64 => GgufValue.From(Read<double>()),
            GgufValueType.Bool => GgufValue.From(ReadBool()),
            GgufValueType.String => GgufValue.From(ReadString(MaximumStringBytes)),
            _ => ReadArray(depth: 1),
        };
    }

    public ModelFileException Error(long at, string found, string remedy) => new($"{fileName}: {Place} at byte {at}: {found}. {remedy}");

    private GgufValue ReadArray(int depth)
    {
        if (depth > MaximumArrayDepth)
            throw Error(Position, $"arrays are nested more than {MaximumArrayDepth} deep", "Convert the model again without that key.");
        var type = ReadType();
        var count = ReadCount($"array elements of type {type.Name}", type.MinimumBytes);
        switch (type)
        {
            case GgufValueType.UInt8: return GgufValue.From(ReadElements<byte>(count));
            case GgufValueType.Int8: return GgufValue.From(ReadElements<sbyte>(count));
            case GgufValueType.UInt16: return GgufValue.From(ReadElements<ushort>(count));
            case GgufValueType.Int16: return GgufValue.From(ReadElements<short>(count));
            case GgufValueType.UInt32: return GgufValue.From(ReadElements<uint>(count));
            case GgufValueType.Int32: return GgufValue.From(ReadElements<int>(count));
            case GgufValueType.UInt64: return GgufValue.From(ReadElements<ulong>(count));
            case GgufValueType.Int64: return GgufValue.From(ReadElements<long>(count));
            case GgufValueType.Float32: return GgufValue.From(ReadElements<float>(count));
            case GgufValueType.Float64: return GgufValue.From(ReadElements<double>(count));
            case GgufValueType.Bool:
                var flags = new bool[count];
                for (var i = 0; i < count; i++)
                    flags[i] = ReadBool();
                return GgufValue.From(flags);
            case GgufValueType.String:
                var strings = new string[count];
                for (var i = 0; i < count; i++)
                    strings[i] = ReadString(MaximumStringBytes);
                return GgufValue.From(strings);
            default:
                var arrays = new GgufValue[count];
                for (var i = 0; i < count; i++)
                    arrays[i] = ReadArray(depth + 1);
                return GgufValue.From(arrays);
        }
    }

    private T[] ReadElements<T>(int count)
        where T : unmanaged
    {
        var elements = new T[count];
        var bytes = (long)count * sizeof(T);
        fixed (T* to = elements)
            Buffer.MemoryCopy(start + Position, to, bytes, bytes);
        Position += bytes;
        return elements;
    }

    private GgufValueType ReadType()
    {
        var at = Position;
        var type = (GgufValueType)Read<uint>();
        return type.IsKnown ? type : throw Error(at, $"found metadata type {(uint)type}; expected 0 to 12", "The file is damaged or newer than this program.");
    }

    private bool ReadBool()
    {
        var value = Read<byte>();
        return value <= 1 ? value == 1 : throw Error(Position - 1, $"found {value} as a bool; expected 0 or 1", "Convert the model again.");
    }

    private string ReadString(int maximumBytes)
    {
        var at = Position;
        var bytes = Read<ulong>();
        if (bytes > (ulong)Remaining)
        {
            throw Error(at, $"found a string of {bytes} bytes, but only {Remaining} bytes follow",
                "The file is damaged or cut off: download or convert it again.");
        }

        if (bytes > (ulong)maximumBytes)
            throw Error(at, $"found a string of {bytes} bytes; expected at most {maximumBytes}", "Convert the model again.");
        var text = new ReadOnlySpan<byte>(start + Position, (int)bytes);
        if (!Utf8.IsValid(text))
            throw Error(Position, $"found a string of {bytes} bytes that is not UTF-8; expected UTF-8", "Convert the model again.");
        Position += (long)bytes;
        return Encoding.UTF8.GetString(text);
    }

    private void Require(long bytes)
    {
        if (bytes > Remaining)
        {
            throw Error(Position, $"the file ends after {length} bytes; expected at least {bytes - Remaining} more",
                "The file is cut off: download or copy it again.");
        }
    }
}
