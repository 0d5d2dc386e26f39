using System.Buffers.Binary;
using ArchGen.Formats.Grids;

namespace ArchGen.Tools.Quantization.Encoders;

/// <summary>Blocks of 256 in points of eight on a lattice, two bits for each number and less (ggml's IQ2_XXS, IQ2_XS, IQ2_S).</summary>
internal static class Iq2Encoder
{
    private const int Block = LatticeGroups.Block;

    private static readonly Lazy<LatticeSearch> Xxs = new(() => new(CodebookGrids.Iq2Xxs, 3, 6, 0.1f) { BeginsFree = true, Refinement = Refinement.OfAll });
    private static readonly Lazy<LatticeSearch> Xs = new(() => new(CodebookGrids.Iq2Xs, 3, 9, 0.1f));
    private static readonly Lazy<LatticeSearch> S = new(() => new(CodebookGrids.Iq2S, 3, 9, 0.1f) { Nothing = 1e-8f });

    /// <summary>Encodes a row as IQ2_XXS: a half; per 32 numbers four entries of eight bits, four times seven signs and a scale of four bits.</summary>
    public static void EncodeXxs(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 66, Size = 32, Groups = Block / Size;
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        Span<uint> words = stackalloc uint[2 * Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var sigma2 = BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
            words.Clear();
            for (var g = 0; g < Groups; g++)
            {
                var at = begin + (g * Size);
                BlockWriter.Weigh(source.Slice(at, Size), importance.Slice(at, Size), sigma2, weights);
                LatticeGroups.EvenSigns(source.Slice(at, Size), weights, magnitudes, signs);
                scales[g] = LatticeGroups.MakePositive(Xxs.Value.Find(magnitudes, weights, digits), signs, 127);
                if (scales[g] == 0) continue;
                for (var k = 0; k < 4; k++)
                {
                    words[2 * g] |= (uint)CodebookGrids.Iq2Xxs.Find(digits.Slice(8 * k, 8)) << (8 * k);
                    words[(2 * g) + 1] |= (uint)signs[k] << (7 * k);
                }
            }

            if (!LatticeGroups.RoundScales(scales, 1, destination, rounded)) words.Clear();
            for (var i = 0; i < words.Length; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(destination[(2 + (4 * i))..], words[i] | (i % 2 == 1 ? (uint)rounded[i / 2] << 28 : 0));
        }
    }

    /// <summary>Encodes a row as IQ2_XS: a half; per eight numbers an entry of nine bits and seven signs; per 16 a scale of four bits.</summary>
    public static void EncodeXs(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 74, Size = 16, Groups = Block / Size;
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var sigma2 = BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
            destination[..Bytes].Clear();
            for (var g = 0; g < Groups; g++)
            {
                var at = begin + (g * Size);
                BlockWriter.Weigh(source.Slice(at, Size), importance.Slice(at, Size), sigma2, weights);
                LatticeGroups.EvenSigns(source.Slice(at, Size), weights, magnitudes, signs);
                scales[g] = LatticeGroups.MakePositive(Xs.Value.Find(magnitudes, weights, digits), signs, 127);
                if (Xs.Value.IsNothing(magnitudes)) continue;
                for (var k = 0; k < 2; k++)
                    BinaryPrimitives.WriteUInt16LittleEndian(destination[(2 + (4 * g) + (2 * k))..], (ushort)(CodebookGrids.Iq2Xs.Find(digits.Slice(8 * k, 8)) | signs[k] << 9));
            }

            if (!LatticeGroups.RoundScales(scales, 1, destination, rounded)) destination[..Bytes].Clear();
            for (var g = 0; g < Groups; g++) destination[66 + (g / 2)] |= (byte)(rounded[g] << (4 * (g % 2)));
        }
    }

    /// <summary>Encodes a row as IQ2_S: a half; the lower eight bits of entries; signs; the upper two bits of entries; per 16 numbers a scale of four bits.</summary>
    public static void EncodeS(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 82, Size = 16, Groups = Block / Size;
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var sigma2 = 2 * BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
            destination[..Bytes].Clear();
            for (var g = 0; g < Groups; g++)
            {
                var at = begin + (g * Size);
                var x = source.Slice(at, Size);
                if (!importance.IsEmpty) BlockWriter.Weigh(x, importance.Slice(at, Size), sigma2, weights);
                else for (var i = 0; i < Size; i++) weights[i] = (0.25f * sigma2) + (x[i] * x[i]);
                LatticeGroups.FreeSigns(x, magnitudes, signs);
                scales[g] = LatticeGroups.MakePositive(S.Value.Find(magnitudes, weights, digits), signs, 255);
                if (S.Value.IsNothing(magnitudes)) continue;
                for (var k = 0; k < 2; k++)
                {
                    var (entry, at8) = (CodebookGrids.Iq2S.Find(digits.Slice(8 * k, 8)), (2 * g) + k);
                    destination[2 + at8] = (byte)entry;
                    destination[34 + at8] = signs[k];
                    destination[66 + (at8 / 4)] |= (byte)(entry >> 8 << (2 * (at8 % 4)));
                }
            }

            if (!LatticeGroups.RoundScales(scales, 0.9875f, destination, rounded)) continue;
            for (var g = 0; g < Groups; g++) destination[74 + (g / 2)] |= (byte)(rounded[g] << (4 * (g % 2)));
        }
    }
}
