using ArchGen.Formats;

namespace ArchGen.Gguf;

/// <summary>The type of a metadata value; the numbers are those of the file (GGUF specification, section "gguf_metadata_value_type").</summary>
public enum GgufValueType : uint
{
    UInt8 = 0,
    Int8 = 1,
    UInt16 = 2,
    Int16 = 3,
    UInt32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    UInt64 = 10,
    Int64 = 11,
    Float64 = 12,
}

/// <summary>What is fixed for each metadata type.</summary>
public static class GgufValueTypes
{
    private static readonly (string Name, int Bytes)[] Table =
    [
        ("u8", 1), ("i8", 1), ("u16", 2), ("i16", 2), ("u32", 4), ("i32", 4), ("f32", 4), ("bool", 1), ("string", 8), ("array", 12),
        ("u64", 8), ("i64", 8), ("f64", 8),
    ];

    extension(GgufValueType type)
    {
        /// <summary>Whether the number stands for a type of the specification.</summary>
        public bool IsKnown => (uint)type < (uint)Table.Length;

        /// <summary>The short name used in messages, such as "u32".</summary>
        public string Name => type.IsKnown ? Table[(int)type].Name : $"type {(uint)type}";

        /// <summary>Bytes of one value in the file; for strings (a length) and arrays (a type and a length) the least there can be.</summary>
        public int MinimumBytes => Table[(int)type].Bytes;
    }
}
