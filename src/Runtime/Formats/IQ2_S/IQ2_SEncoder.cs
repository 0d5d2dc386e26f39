using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.IQ2_S;

/// <summary>Entries, signs and scales of 16 by search on the lattice.</summary>
internal static unsafe class IQ2_SEncoder
{
    private const int Block = IQ2_SBlock.Weights, Size = 16, Groups = Block / Size;

    private static readonly Lazy<LatticeSearch> Lattice = new(() => new(CodebookGrids.Iq2S, 3, 9, 0.1f) { Nothing = 1e-8f });

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        fixed (byte* bytes = destination)
        {
            var block = (IQ2_SBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var sigma2 = 2 * BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
                *block = default;
                for (var g = 0; g < Groups; g++)
                {
                    var at = begin + (g * Size);
                    var x = source.Slice(at, Size);
                    if (!importance.IsEmpty) BlockWriter.ComputeWeights(x, importance.Slice(at, Size), sigma2, weights);
                    else for (var i = 0; i < Size; i++) weights[i] = (0.25f * sigma2) + (x[i] * x[i]);
                    LatticeGroups.FreeSigns(x, magnitudes, signs);
                    scales[g] = LatticeGroups.MakePositive(Lattice.Value.Find(magnitudes, weights, digits), signs, 255);
                    if (!Lattice.Value.IsNothing(magnitudes)) Write(g, digits, signs, block);
                }

                if (!LatticeGroups.RoundScales(scales, 0.9875f, &block->Scale, rounded)) continue;
                for (var g = 0; g < Groups; g++) block->GroupScales[g / 2] |= (byte)(rounded[g] << (4 * (g % 2)));
            }
        }
    }

    private static void Write(int group, ReadOnlySpan<byte> digits, ReadOnlySpan<byte> signs, IQ2_SBlock* block)
    {
        for (var k = 0; k < 2; k++)
        {
            var (entry, at) = (CodebookGrids.Iq2S.Find(digits.Slice(8 * k, 8)), (2 * group) + k);
            block->Entries[at] = (byte)entry;
            block->Signs[at] = signs[k];
            block->UpperBits[at / 4] |= (byte)(entry >> 8 << (2 * (at % 4)));
        }
    }
}
