using ArchGen.Formats;

namespace ArchGen.Benchmarks.Kernels;

/// <summary>Random weights.</summary>
internal static class Weights
{
    /// <summary>Fills memory with weights of a type.</summary>
    public static unsafe void Fill(byte* weights, long bytes, TensorType type, Random random)
    {
        // No subnormal numbers, which are slow. In blocks, bytes of 4 to 0x37 do that for every half-precision scale, whichever bytes hold it. MXFP4's scale,
        // an exponent, is the first byte of a block.
        for (var i = 0L; i < bytes; i++)
        {
            weights[i] = type switch
            {
                TensorType.F32 => i % 4 == 3 ? (byte)0x3D : (byte)random.Next(256),
                TensorType.BF16 => i % 2 == 1 ? (byte)0x3D : (byte)random.Next(256),
                TensorType.F16 => i % 2 == 1 ? (byte)random.Next(0x28, 0x2C) : (byte)random.Next(256),
                TensorType.MXFP4 when i % type.BytesPerBlock == 0 => (byte)random.Next(118, 127),
                _ => (byte)random.Next(4, 0x38),
            };
        }
    }
}
