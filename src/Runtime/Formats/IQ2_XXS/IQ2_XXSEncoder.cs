using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.IQ2_XXS;

/// <summary>Entries, signs and scales of 32 by search on the lattice.</summary>
internal static unsafe class IQ2_XXSEncoder
{
    private const int Block = IQ2_XXSBlock.Weights, Size = 32, Groups = Block / Size;

    private static readonly Lazy<LatticeSearch> Lattice =
        new(() => new(CodebookGrids.Iq2Xxs, 3, 6, 0.1f) { BeginsFree = true, Refinement = Refinement.OfAll });

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        fixed (byte* bytes = destination)
        {
            var block = (IQ2_XXSBlock*)bytes;
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
                    if (scales[g] == 0) continue;
                    for (var k = 0; k < 4; k++)
                        block->Groups[g] |= (ulong)(uint)CodebookGrids.Iq2Xxs.Find(digits.Slice(8 * k, 8)) << (8 * k) | (ulong)signs[k] << (32 + (7 * k));
                }

                if (!LatticeGroups.RoundScales(scales, 1, &block->Scale, rounded)) *block = default;
                for (var g = 0; g < Groups; g++) block->Groups[g] |= (ulong)rounded[g] << 60;
            }
        }
    }
}
