using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.IQ2_XS;

/// <summary>Entries, signs and scales of 16 by search on the lattice.</summary>
internal static unsafe class IQ2_XSEncoder
{
    private const int Block = IQ2_XSBlock.Weights, Size = 16, Groups = Block / Size;

    private static readonly Lazy<LatticeSearch> Lattice = new(() => new(CodebookGrids.Iq2Xs, 3, 9, 0.1f));

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        fixed (byte* bytes = destination)
        {
            var block = (IQ2_XSBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var sigma2 = BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
                *block = default;
                for (var g = 0; g < Groups; g++)
                {
                    var at = begin + (g * Size);
                    BlockWriter.ComputeWeights(source.Slice(at, Size), importance.Slice(at, Size), sigma2, weights);
                    LatticeGroups.EvenSigns(source.Slice(at, Size), weights, magnitudes, signs);
                    scales[g] = LatticeGroups.MakePositive(Lattice.Value.Find(magnitudes, weights, digits), signs, 127);
                    if (Lattice.Value.IsNothing(magnitudes)) continue;
                    for (var k = 0; k < 2; k++) block->Entries[(2 * g) + k] = (ushort)(CodebookGrids.Iq2Xs.Find(digits.Slice(8 * k, 8)) | signs[k] << 9);
                }

                if (!LatticeGroups.RoundScales(scales, 1, &block->Scale, rounded)) *block = default;
                for (var g = 0; g < Groups; g++) block->GroupScales[g / 2] |= (byte)(rounded[g] << (4 * (g % 2)));
            }
        }
    }
}
