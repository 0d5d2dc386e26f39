using ArchGen.Formats.Blocks;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Codebooks;

/// <summary>Common code of the lattice types of two and three bits: importance weights, signs, and the scales of a block's groups.</summary>
internal static unsafe class LatticeGroups
{
    /// <summary>Weights of elements: by importance, or by their squares without importance.</summary>
    public static void ComputeWeights(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float sigma2, Span<float> weights)
    {
        if (!importance.IsEmpty) BlockWriter.ComputeWeights(x, importance, sigma2, weights);
        else for (var i = 0; i < x.Length; i++) weights[i] = x[i] * x[i];
    }

    /// <summary>Magnitudes, and a sign bit for each of eight numbers.</summary>
    public static void FreeSigns(ReadOnlySpan<float> x, Span<float> magnitudes, Span<byte> signs)
    {
        signs.Clear();
        for (var i = 0; i < x.Length; i++)
        {
            magnitudes[i] = x[i] >= 0 ? x[i] : -x[i];
            if (!(x[i] >= 0)) signs[i / 8] |= (byte)(1 << (i % 8));
        }
    }

    /// <summary>
    /// As <see cref="FreeSigns"/>, with an even number of signs in each eight, so that the last need not be stored: if it is odd, the number whose
    /// change costs least changes its sign.
    /// </summary>
    public static void EvenSigns(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, Span<float> magnitudes, Span<byte> signs)
    {
        FreeSigns(x, magnitudes, signs);
        for (var k = 0; k < signs.Length; k++)
        {
            if (byte.PopCount(signs[k]) % 2 == 1)
            {
                var (cheapest, cost) = (0, weights[8 * k] * x[8 * k] * x[8 * k]);
                for (var i = 1; i < 8; i++)
                {
                    var other = weights[(8 * k) + i] * x[(8 * k) + i] * x[(8 * k) + i];
                    if (other < cost) (cheapest, cost) = (i, other);
                }

                magnitudes[(8 * k) + cheapest] = -magnitudes[(8 * k) + cheapest];
                signs[k] ^= (byte)(1 << cheapest);
            }

            signs[k] &= 127;
        }
    }

    /// <summary>Makes a negative scale positive: all signs are flipped.</summary>
    public static float MakePositive(float scale, Span<byte> signs, byte mask)
    {
        if (!(scale < 0)) return scale;
        foreach (ref var sign in signs) sign = (byte)(~sign & mask);
        return -scale;
    }

    /// <summary>
    /// Rounds the groups' scales to odd numbers 2l + 1 of the largest divided by 31; writes the block's scale times <paramref name="factor"/>.
    /// </summary>
    /// <returns>Whether there is anything but zeros.</returns>
    public static bool RoundScales(ReadOnlySpan<float> scales, float factor, ushort* half, Span<byte> rounded)
    {
        var largest = 0f;
        foreach (var scale in scales) largest = largest > scale ? largest : scale;
        *half = 0;
        rounded.Clear();
        if (largest == 0) return false;
        var d = largest / 31;
        BlockWriter.Half(half, d * factor);
        var inverse = 1 / d;
        for (var i = 0; i < scales.Length; i++) rounded[i] = (byte)Math.Clamp(Lanes.Round(0.5f * ((inverse * scales[i]) - 1)), 0, 15);
        return true;
    }
}
