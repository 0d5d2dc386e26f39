using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.IQ3_XXS;

/// <summary>Entries, signs and scales of 32 by search on the lattice.</summary>
internal static unsafe class IQ3_XXSEncoder
{
    private const int Block = IQ3_XXSBlock.Weights, Size = 32, Groups = Block / Size;

    private static readonly Lazy<LatticeSearch> Lattice = new(() => new(CodebookGrids.Iq3Xxs, 8, 15, 0.2f) { Nothing = 1e-8f });

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        fixed (byte* bytes = destination)
        {
            var block = (IQ3_XXSBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var sigma2 = 2 * BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
                *block = default;
                for (var g = 0; g < Groups; g++)
                {
                    var at = begin + (g * Size);
                    LatticeGroups.ComputeWeights(source.Slice(at, Size), importance.IsEmpty ? default : importance.Slice(at, Size), sigma2, weights);
                    LatticeGroups.EvenSigns(source.Slice(at, Size), weights, magnitudes, signs);
                    scales[g] = LatticeGroups.MakePositive(Lattice.Value.Find(magnitudes, weights, digits), signs, 127);
                    if (Lattice.Value.IsNothing(magnitudes)) continue;
                    for (var k = 0; k < 8; k++) block->Entries[(8 * g) + k] = (byte)CodebookGrids.Iq3Xxs.Find(digits.Slice(4 * k, 4));
                    for (var k = 0; k < 4; k++) block->SignsAndScales[g] |= (uint)signs[k] << (7 * k);
                }

                if (!LatticeGroups.RoundScales(scales, 1.0125f, &block->Scale, rounded)) *block = default;
                for (var g = 0; g < Groups; g++) block->SignsAndScales[g] |= (uint)rounded[g] << 28;
            }
        }
    }
}
