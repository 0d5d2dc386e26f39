using ArchGen.Formats;

namespace ArchGen.Gguf;

/// <summary>The type of a metadata value; the numbers are those of the file (GGUF specification, section "gguf_metadata_value_type").</summary>
public enum GgufValueType : uint
{
    /// <summary>Unsigned, 8 bits.</summary>
    UInt8 = 0,

    /// <summary>Signed, 8 bits.</summary>
    Int8 = 1,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16 = 2,

    /// <summary>Signed, 16 bits.</summary>
    Int16 = 3,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32 = 4,

    /// <summary>Signed, 32 bits.</summary>
    Int32 = 5,

    /// <summary>IEEE single precision.</summary>
    Float32 = 6,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 7,

    /// <summary>UTF-8, with its length in bytes before it.</summary>
    String = 8,

    /// <summary>Values of one type, with the type and their number before them.</summary>
    Array = 9,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64 = 10,

    /// <summary>Signed, 64 bits.</summary>
    Int64 = 11,

    /// <summary>IEEE double precision.</summary>
    Float64 = 12,
}

/// <summary>Facts of the metadata types.</summary>
public static class GgufValueTypes
{
    private static readonly (string Name, int Bytes)[] Table =
    [
        ("u8", 1), ("i8", 1), ("u16", 2), ("i16", 2), ("u32", 4), ("i32", 4), ("f32", 4), ("bool", 1), ("string", 8), ("array", 12),
        ("u64", 8), ("i64", 8), ("f64", 8),
    ];

    extension(GgufValueType type)
    {
        /// <summary>Whether the number is a type of the specification.</summary>
        public bool IsKnown => (uint)type < (uint)Table.Length;

        /// <summary>The short name used in messages, such as "u32".</summary>
        public string Name => type.IsKnown ? Table[(int)type].Name : $"type {(uint)type}";

        /// <summary>Bytes of one value in the file; for strings (a length) and arrays (a type and a length) the least there can be.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is no type of the specification.</exception>
        public int MinimumBytes => type.IsKnown ? Table[(int)type].Bytes : throw new ArgumentOutOfRangeException(nameof(type));
    }
}
