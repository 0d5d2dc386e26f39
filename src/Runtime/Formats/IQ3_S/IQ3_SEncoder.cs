using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.IQ3_S;

/// <summary>Entries, signs and scales of 32 by search on the lattice.</summary>
internal static unsafe class IQ3_SEncoder
{
    private const int Block = IQ3_SBlock.Weights, Size = 32, Groups = Block / Size;

    private static readonly Lazy<LatticeSearch> Lattice =
        new(() => new(CodebookGrids.Iq3S, 8, 9, 0.2f) { Nothing = 0, Refinement = Refinement.OfAllIfAnyIsMissing });

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        fixed (byte* bytes = destination)
        {
            var block = (IQ3_SBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var sigma2 = 2 * BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
                *block = default;
                for (var g = 0; g < Groups; g++)
                {
                    var at = begin + (g * Size);
                    LatticeGroups.ComputeWeights(source.Slice(at, Size), importance.IsEmpty ? default : importance.Slice(at, Size), sigma2, weights);
                    LatticeGroups.FreeSigns(source.Slice(at, Size), magnitudes, signs);
                    scales[g] = LatticeGroups.MakePositive(Lattice.Value.Find(magnitudes, weights, digits), signs, 255);
                    if (!Lattice.Value.IsNothing(magnitudes)) Write(g, digits, signs, block);
                }

                if (!LatticeGroups.RoundScales(scales, 1.033f, &block->Scale, rounded)) continue;
                for (var g = 0; g < Groups; g++) block->GroupScales[g / 2] |= (byte)(rounded[g] << (4 * (g % 2)));
            }
        }
    }

    private static void Write(int group, ReadOnlySpan<byte> digits, ReadOnlySpan<byte> signs, IQ3_SBlock* block)
    {
        for (var k = 0; k < 8; k++)
        {
            var entry = CodebookGrids.Iq3S.Find(digits.Slice(4 * k, 4));
            block->Entries[(8 * group) + k] = (byte)entry;
            block->NinthBits[group] |= (byte)(entry >> 8 << k);
        }

        for (var k = 0; k < 4; k++) block->Signs[(4 * group) + k] = signs[k];
    }
}
