namespace ArchGen.Gguf.Checkpoints;

/// <summary>The element type of a checkpoint's tensor.</summary>
public enum CheckpointType
{
    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of an IEEE single.</summary>
    BF16,

    /// <summary>8-bit float, 4 bits of exponent, no infinity (OCP 8-bit Floating Point, E4M3).</summary>
    F8E4M3,

    /// <summary>8-bit float, 5 bits of exponent (OCP 8-bit Floating Point, E5M2).</summary>
    F8E5M2,

    /// <summary>64-bit integer.</summary>
    I64,

    /// <summary>32-bit integer.</summary>
    I32,

    /// <summary>16-bit integer.</summary>
    I16,

    /// <summary>8-bit integer.</summary>
    I8,

    /// <summary>64-bit unsigned integer.</summary>
    U64,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Blocks of 32 4-bit floats with a power of two (OCP Microscaling Formats, MXFP4).</summary>
    Mxfp4,

    /// <summary>Quantized in another way: its numbers are read dequantized, its bytes are not offered.</summary>
    Quantized,

    /// <summary>A type of the file format that cannot be read: F4, F6, F8_E8M0, complex.</summary>
    Opaque,
}
