using ArchGen.Formats.Blocks;
using ArchGen.Formats.SmallFloats;

namespace ArchGen.Formats.NVFP4;

/// <summary>A sixth of the largest magnitude of each 16, and the nearest floats.</summary>
internal static unsafe class NVFP4Encoder
{
    private const int Size = NVFP4Block.Weights;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Group = 16, Groups = Size / Group;
        fixed (byte* bytes = destination)
        {
            var block = (NVFP4Block*)bytes;
            for (; source.Length >= Size; source = source[Size..], block++)
            {
                for (var g = 0; g < Groups; g++)
                {
                    var group = source.Slice(g * Group, Group);
                    var (magnitude, _) = BlockWriter.Largest(group);
                    block->GroupScales[g] = ToUnsignedE4M3(magnitude / 6);
                    SmallFloatSearch.WriteNearest(group, E4M3Table.Halves[block->GroupScales[g]], block->Quants + (g * Group / 2));
                }
            }
        }
    }

    private static byte ToUnsignedE4M3(float x)
    {
        const byte Largest = 0x7E;
        if (!(x > 0)) return 0;
        x = MathF.Min(x, 448);
        var bits = BitConverter.SingleToUInt32Bits(x);
        var exponent = (int)(bits >> 23 & 0xFF) - 127 + 7;
        if (exponent <= 0) return (byte)Math.Min(7, (int)((x * 512) + 0.5f));
        if (exponent >= 15) return Largest;
        var mantissa = (int)(bits >> 20 & 7) + (int)(bits >> 19 & 1);
        if (mantissa > 7) (mantissa, exponent) = (0, exponent + 1);
        return exponent >= 15 ? Largest : (byte)(exponent << 3 | mantissa);
    }
}
