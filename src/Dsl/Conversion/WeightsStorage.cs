namespace ArchGen;

/// <summary>The storage of a checkpoint's tensor.</summary>
/// <param name="Name">The type as GGUF names it: <c>f32</c>, <c>bf16</c>, <c>mxfp4</c>.</param>
/// <param name="BlockSize">Elements per block; 1 for types without blocks.</param>
/// <param name="BytesPerBlock">Bytes per block; bytes per element for types without blocks.</param>
public sealed record WeightsStorage(string Name, int BlockSize, int BytesPerBlock)
{
    /// <summary>IEEE single precision.</summary>
    public static WeightsStorage F32 { get; } = new("f32", 1, 4);

    /// <summary>IEEE half precision.</summary>
    public static WeightsStorage F16 { get; } = new("f16", 1, 2);

    /// <summary>The upper half of an IEEE single.</summary>
    public static WeightsStorage BF16 { get; } = new("bf16", 1, 2);

    /// <summary>OCP Microscaling FP4, in GGUF's layout of blocks of 32.</summary>
    public static WeightsStorage Mxfp4 { get; } = new("mxfp4", 32, 17);

    /// <summary>The number of bytes of a number of elements, which must be whole blocks.</summary>
    public long ByteLength(long elements) => elements / BlockSize * BytesPerBlock;
}
