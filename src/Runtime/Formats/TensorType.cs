namespace ArchGen.Formats;

/// <summary>
/// The type of a tensor's elements; the numbers are those of the file (ggml.h, <c>ggml_type</c>). Missing numbers are withdrawn types.
/// </summary>
public enum TensorType : uint
{
    /// <summary>IEEE single precision.</summary>
    F32 = 0,

    /// <summary>IEEE half precision.</summary>
    F16 = 1,

    /// <summary>Blocks of 32: a scale, 4-bit quants around 0.</summary>
    Q4_0 = 2,

    /// <summary>Blocks of 32: a scale and a minimum, 4-bit quants.</summary>
    Q4_1 = 3,

    /// <summary>Blocks of 32: a scale, 5-bit quants around 0.</summary>
    Q5_0 = 6,

    /// <summary>Blocks of 32: a scale and a minimum, 5-bit quants.</summary>
    Q5_1 = 7,

    /// <summary>Blocks of 32: a scale, signed bytes.</summary>
    Q8_0 = 8,

    /// <summary>Blocks of 32: a scale, signed bytes and their sum; of activations, never in files.</summary>
    Q8_1 = 9,

    /// <summary>Blocks of 256: 2-bit quants, 4-bit scales and minima of 16.</summary>
    Q2_K = 10,

    /// <summary>Blocks of 256: 3-bit quants around 0, 6-bit scales of 16.</summary>
    Q3_K = 11,

    /// <summary>Blocks of 256: 4-bit quants, 6-bit scales and minima of 32.</summary>
    Q4_K = 12,

    /// <summary>Blocks of 256: 5-bit quants, 6-bit scales and minima of 32.</summary>
    Q5_K = 13,

    /// <summary>Blocks of 256: 6-bit quants around 0, 8-bit scales of 16.</summary>
    Q6_K = 14,

    /// <summary>Blocks of 256: a scale, signed bytes and sums of 16; of activations, never in files.</summary>
    Q8_K = 15,

    /// <summary>Blocks of 256: 8 weights are an entry of a codebook of 256, 2.0625 bits per weight.</summary>
    IQ2_XXS = 16,

    /// <summary>Blocks of 256: 8 weights are an entry of a codebook of 512, 2.3125 bits per weight.</summary>
    IQ2_XS = 17,

    /// <summary>Blocks of 256: 4 weights are an entry of a codebook of 256, 3.0625 bits per weight.</summary>
    IQ3_XXS = 18,

    /// <summary>Blocks of 256: 8 weights are an entry of a codebook of 2048 ternary ones, 1.5625 bits per weight.</summary>
    IQ1_S = 19,

    /// <summary>Blocks of 32: a scale, 4-bit indices into 16 levels.</summary>
    IQ4_NL = 20,

    /// <summary>Blocks of 256: 4 weights are an entry of a codebook of 512, 3.4375 bits per weight.</summary>
    IQ3_S = 21,

    /// <summary>Blocks of 256: 8 weights are an entry of a codebook of 1024, 2.5625 bits per weight.</summary>
    IQ2_S = 22,

    /// <summary>Blocks of 256: 4-bit indices into 16 levels, 6-bit scales of 32.</summary>
    IQ4_XS = 23,

    /// <summary>Signed, 8 bits.</summary>
    I8 = 24,

    /// <summary>Signed, 16 bits.</summary>
    I16 = 25,

    /// <summary>Signed, 32 bits.</summary>
    I32 = 26,

    /// <summary>Signed, 64 bits.</summary>
    I64 = 27,

    /// <summary>IEEE double precision.</summary>
    F64 = 28,

    /// <summary>As IQ1_S, with a scale for each 16 weights, 1.75 bits per weight.</summary>
    IQ1_M = 29,

    /// <summary>bfloat16: the upper half of a single.</summary>
    BF16 = 30,

    /// <summary>Blocks of 256: ternary quants, five in a byte, 1.6875 bits per weight.</summary>
    TQ1_0 = 34,

    /// <summary>Blocks of 256: ternary quants of two bits, 2.0625 bits per weight.</summary>
    TQ2_0 = 35,

    /// <summary>Blocks of 32: 4-bit floats (E2M1), a scale that is a power of two (OCP Microscaling).</summary>
    MXFP4 = 39,

    /// <summary>Blocks of 64: 4-bit floats (E2M1), an 8-bit float scale for each 16.</summary>
    NVFP4 = 40,

    /// <summary>Blocks of 128: signs and a scale, 1.125 bits per weight.</summary>
    Q1_0 = 41,

    /// <summary>Blocks of two-bit quants and a scale.</summary>
    Q2_0 = 42,
}
