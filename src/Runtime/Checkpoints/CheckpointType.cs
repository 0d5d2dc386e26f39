namespace ArchGen.Checkpoints;

/// <summary>How the elements of a checkpoint's tensor are stored.</summary>
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

    /// <summary>8-bit float, 4 bits of exponent, no infinities.</summary>
    F8E4M3,

    /// <summary>8-bit float, 5 bits of exponent.</summary>
    F8E5M2,

    /// <summary>64-bit integer.</summary>
    I64,

    /// <summary>32-bit integer.</summary>
    I32,

    /// <summary>16-bit integer.</summary>
    I16,

    /// <summary>8-bit integer.</summary>
    I8,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>64-bit unsigned integer.</summary>
    U64,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>OCP Microscaling FP4: blocks of 32 with a common power of two.</summary>
    Mxfp4,

    /// <summary>Another quantization; it is read dequantized only.</summary>
    Quantized,
}

internal static class CheckpointTypes
{
    /// <summary>The bytes of one element, of a type that is stored element by element.</summary>
    public static int Bytes(this CheckpointType type) => type switch
    {
        CheckpointType.F64 or CheckpointType.I64 or CheckpointType.U64 => 8,
        CheckpointType.F32 or CheckpointType.I32 or CheckpointType.U32 => 4,
        CheckpointType.F16 or CheckpointType.BF16 or CheckpointType.I16 or CheckpointType.U16 => 2,
        CheckpointType.Mxfp4 or CheckpointType.Quantized => throw new ArgumentOutOfRangeException(nameof(type)),
        _ => 1,
    };
}
