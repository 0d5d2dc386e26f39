using ArchGen.Formats.Blocks;
using ArchGen.Formats.SmallFloats;

namespace ArchGen.Formats.MXFP4;

/// <summary>The exponent of the largest magnitude, and the nearest floats.</summary>
internal static unsafe class MXFP4Encoder
{
    private const int Size = MXFP4Block.Weights;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        fixed (byte* bytes = destination)
        {
            var block = (MXFP4Block*)bytes;
            for (; source.Length >= Size; source = source[Size..], block++)
            {
                var (magnitude, _) = BlockWriter.Largest(source[..Size]);
                // The largest number of E2M1 is 6, between 2^2 and 2^3.
                block->Exponent = magnitude > 0 ? (byte)(MathF.Floor((float)Math.Log2(magnitude)) - 2 + 127) : (byte)0;
                SmallFloatSearch.WriteNearest(source[..Size], ScaleTables.HalfPowerOfTwo(block->Exponent), block->Quants);
            }
        }
    }
}
