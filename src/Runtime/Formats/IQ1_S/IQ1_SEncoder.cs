using ArchGen.Formats.Blocks;
using ArchGen.Formats.Codebooks;

namespace ArchGen.Formats.IQ1_S;

/// <summary>Groups of 32 with one shift: see <see cref="TernaryRuns"/>.</summary>
internal static unsafe class IQ1_SEncoder
{
    private const int Block = IQ1_SBlock.Weights, Size = 32, Groups = Block / Size;

    // Groups with a smaller maximum magnitude count as zeros.
    private const float Nothing = 1e-12f;

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        Span<float> weights = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<byte> digits = stackalloc byte[Size];
        Span<bool> isUp = stackalloc bool[Groups];
        Span<int> entries = stackalloc int[Size / TernaryRuns.EntrySize];
        fixed (byte* bytes = destination)
        {
            var block = (IQ1_SBlock*)bytes;
            for (var begin = 0; begin < source.Length; begin += Block, block++)
            {
                var sigma2 = 2 * BlockWriter.SumOfSquares(source.Slice(begin, Block)) / Block;
                *block = default;
                var largest = 0f;
                for (var g = 0; g < Groups; g++)
                {
                    var at = begin + (g * Size);
                    var x = source.Slice(at, Size);
                    BlockWriter.ComputeWeights(x, importance.Slice(at, Size), sigma2, weights);
                    (scales[g], isUp[g]) = (0, true);
                    if (BlockWriter.Largest(x).Magnitude < Nothing || !Cut(x, weights, digits, out var scale, out isUp[g])) continue;
                    scale = TernaryRuns.Place(x, weights, scale, isUp[g], isUp[g], digits, entries);
                    for (var k = 0; k < entries.Length; k++)
                    {
                        block->Entries[(4 * g) + k] = (byte)entries[k];
                        block->Groups[g] |= (ushort)(entries[k] >> 8 << (3 * k));
                    }

                    scales[g] = scale;
                    largest = largest > scale ? largest : scale;
                }

                if (!(largest > 0)) continue;
                BlockWriter.Half(&block->Scale, largest / TernaryRuns.MaxScale * 1.125f);
                for (var g = 0; g < Groups; g++) block->Groups[g] |= (ushort)((TernaryRuns.RoundScale(scales[g], largest) | (isUp[g] ? 0 : 8)) << 12);
            }
        }
    }

    /// <summary>Cuts a group in three runs for one shift, by sums that grow from number to number.</summary>
    private static bool Cut(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<byte> digits, out float scale, out bool isUp)
    {
        Span<int> order = stackalloc int[Size];
        TernaryRuns.Sort(x, order);
        Span<float> sums = stackalloc float[Size + 1], sumsOfWeights = stackalloc float[Size + 1];
        (sums[0], sumsOfWeights[0]) = (0, 0);
        for (var i = 0; i < Size; i++)
        {
            sums[i + 1] = sums[i] + (weights[order[i]] * x[order[i]]);
            sumsOfWeights[i + 1] = sumsOfWeights[i] + weights[order[i]];
        }

        var (best, first, second) = (-float.MaxValue, -1, -1);
        (scale, isUp) = (0, true);
        for (var i = 0; i <= Size; i++)
        {
            for (var j = i; j <= Size; j++)
            {
                for (var way = 0; way < 2; way++)
                {
                    var levels = way == 0 ? TernaryRuns.Up : TernaryRuns.Down;
                    float low = sumsOfWeights[i] - sumsOfWeights[0], middle = sumsOfWeights[j] - sumsOfWeights[i];
                    var high = sumsOfWeights[Size] - sumsOfWeights[j];
                    var products = ((sums[i] - sums[0]) * levels[0]) + ((sums[j] - sums[i]) * levels[1]) + ((sums[Size] - sums[j]) * levels[2]);
                    var squares = (low * levels[0] * levels[0]) + (middle * levels[1] * levels[1]) + (high * levels[2] * levels[2]);
                    if (!(squares > 0) || !(products * products > best * squares)) continue;
                    scale = products / squares;
                    best = scale * products;
                    (first, second, isUp) = (i, j, way == 0);
                }
            }
        }

        if (first < 0) return false;
        TernaryRuns.WriteRuns(order, first, second, digits);
        if (!(scale < 0)) return true;
        (scale, isUp) = (-scale, !isUp);
        TernaryRuns.Mirror(digits);
        return true;
    }
}
