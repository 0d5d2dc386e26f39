namespace ArchGen.Gguf.Safetensors;

/// <summary>The element type of a tensor in a safetensors file.</summary>
public enum SafetensorsType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>8-bit integer.</summary>
    I8,

    /// <summary>8-bit float, 5 bits of exponent.</summary>
    F8E5M2,

    /// <summary>8-bit float, 4 bits of exponent.</summary>
    F8E4M3,

    /// <summary>16-bit integer.</summary>
    I16,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of an IEEE single.</summary>
    BF16,

    /// <summary>32-bit integer.</summary>
    I32,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>64-bit integer.</summary>
    I64,

    /// <summary>64-bit unsigned integer.</summary>
    U64,

    /// <summary>4-bit float, 2 bits of exponent, two in a byte (OCP Microscaling Formats, FP4).</summary>
    F4,

    /// <summary>6-bit float, 2 bits of exponent, four in three bytes.</summary>
    F6E2M3,

    /// <summary>6-bit float, 3 bits of exponent, four in three bytes.</summary>
    F6E3M2,

    /// <summary>A power of two: 8 bits of exponent, without sign or fraction.</summary>
    F8E8M0,

    /// <summary>Two singles, real and imaginary part.</summary>
    C64,
}

internal static class SafetensorsTypes
{
    private static readonly Dictionary<string, SafetensorsType> Words = new(StringComparer.Ordinal)
    {
        ["BOOL"] = SafetensorsType.Bool,
        ["U8"] = SafetensorsType.U8,
        ["I8"] = SafetensorsType.I8,
        ["F8_E5M2"] = SafetensorsType.F8E5M2,
        ["F8_E4M3"] = SafetensorsType.F8E4M3,
        ["I16"] = SafetensorsType.I16,
        ["U16"] = SafetensorsType.U16,
        ["F16"] = SafetensorsType.F16,
        ["BF16"] = SafetensorsType.BF16,
        ["I32"] = SafetensorsType.I32,
        ["U32"] = SafetensorsType.U32,
        ["F32"] = SafetensorsType.F32,
        ["F64"] = SafetensorsType.F64,
        ["I64"] = SafetensorsType.I64,
        ["U64"] = SafetensorsType.U64,
        ["F4"] = SafetensorsType.F4,
        ["F6_E2M3"] = SafetensorsType.F6E2M3,
        ["F6_E3M2"] = SafetensorsType.F6E3M2,
        ["F8_E8M0"] = SafetensorsType.F8E8M0,
        ["C64"] = SafetensorsType.C64,
    };

    public static IEnumerable<string> Names => Words.Keys;

    public static bool TryParse(string word, out SafetensorsType type) => Words.TryGetValue(word, out type);

    /// <summary>Bits per element.</summary>
    public static int Bits(this SafetensorsType type) => type switch
    {
        SafetensorsType.F4 => 4,
        SafetensorsType.F6E2M3 or SafetensorsType.F6E3M2 => 6,
        SafetensorsType.Bool or SafetensorsType.U8 or SafetensorsType.I8 or SafetensorsType.F8E5M2 or SafetensorsType.F8E4M3 or SafetensorsType.F8E8M0 => 8,
        SafetensorsType.I16 or SafetensorsType.U16 or SafetensorsType.F16 or SafetensorsType.BF16 => 16,
        SafetensorsType.I32 or SafetensorsType.U32 or SafetensorsType.F32 => 32,
        _ => 64,
    };
}
