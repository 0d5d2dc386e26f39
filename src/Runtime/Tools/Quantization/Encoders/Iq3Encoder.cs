using System.Buffers.Binary;
using ArchGen.Formats.Grids;

namespace ArchGen.Tools.Quantization.Encoders;

/// <summary>Blocks of 256 in points of four on a lattice, about three bits for each number (ggml's IQ3_XXS and IQ3_S).</summary>
internal static class Iq3Encoder
{
    private const int Block = LatticeGroups.Block, Size = 32, Groups = Block / Size;

    private static readonly Lazy<LatticeSearch> Xxs = new(() => new(CodebookGrids.Iq3Xxs, 8, 15, 0.2f) { Nothing = 1e-8f });
    private static readonly Lazy<LatticeSearch> S = new(() => new(CodebookGrids.Iq3S, 8, 9, 0.2f) { Nothing = 0, Refinement = Refinement.OfAllIfAnyIsMissing });

    /// <summary>Encodes a row as IQ3_XXS: a half; entries of eight bits; per 32 numbers four times seven signs and a scale of four bits.</summary>
    public static void EncodeXxs(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 98;
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        Span<uint> words = stackalloc uint[Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var sigma2 = 2 * BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
            destination[..Bytes].Clear();
            words.Clear();
            for (var g = 0; g < Groups; g++)
            {
                var at = begin + (g * Size);
                Weigh(source.Slice(at, Size), importance.IsEmpty ? default : importance.Slice(at, Size), sigma2, weights);
                LatticeGroups.EvenSigns(source.Slice(at, Size), weights, magnitudes, signs);
                var scale = Xxs.Value.Find(magnitudes, weights, digits);
                scales[g] = LatticeGroups.MakePositive(scale, signs, 127);
                if (Xxs.Value.IsNothing(magnitudes)) continue;
                for (var k = 0; k < 8; k++) destination[2 + (8 * g) + k] = (byte)CodebookGrids.Iq3Xxs.Find(digits.Slice(4 * k, 4));
                for (var k = 0; k < 4; k++) words[g] |= (uint)signs[k] << (7 * k);
            }

            if (!LatticeGroups.RoundScales(scales, 1.0125f, destination, rounded))
            {
                destination[..Bytes].Clear();
                continue;
            }

            for (var g = 0; g < Groups; g++) BinaryPrimitives.WriteUInt32LittleEndian(destination[(66 + (4 * g))..], words[g] | (uint)rounded[g] << 28);
        }
    }

    /// <summary>Encodes a row as IQ3_S: a half; the lower eight bits of entries; their ninth bits; signs; per 32 numbers a scale of four bits.</summary>
    public static void EncodeS(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        const int Bytes = 110;
        Span<float> weights = stackalloc float[Size], magnitudes = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size], signs = stackalloc byte[Size / 8], rounded = stackalloc byte[Groups];
        for (var begin = 0; begin < source.Length; begin += Block, destination = destination[Bytes..])
        {
            var sigma2 = 2 * BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
            destination[..Bytes].Clear();
            for (var g = 0; g < Groups; g++)
            {
                var at = begin + (g * Size);
                Weigh(source.Slice(at, Size), importance.IsEmpty ? default : importance.Slice(at, Size), sigma2, weights);
                LatticeGroups.FreeSigns(source.Slice(at, Size), magnitudes, signs);
                var scale = S.Value.Find(magnitudes, weights, digits);
                scales[g] = LatticeGroups.MakePositive(scale, signs, 255);
                if (S.Value.IsNothing(magnitudes)) continue;
                for (var k = 0; k < 8; k++)
                {
                    var entry = CodebookGrids.Iq3S.Find(digits.Slice(4 * k, 4));
                    destination[2 + (8 * g) + k] = (byte)entry;
                    destination[66 + g] |= (byte)(entry >> 8 << k);
                }

                for (var k = 0; k < 4; k++) destination[74 + (4 * g) + k] = signs[k];
            }

            if (!LatticeGroups.RoundScales(scales, 1.033f, destination, rounded)) continue;
            for (var g = 0; g < Groups; g++) destination[106 + (g / 2)] |= (byte)(rounded[g] << (4 * (g % 2)));
        }
    }

    private static void Weigh(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float sigma2, Span<float> weights)
    {
        if (!importance.IsEmpty) BlockWriter.Weigh(x, importance, sigma2, weights);
        else for (var i = 0; i < x.Length; i++) weights[i] = x[i] * x[i];
    }
}
