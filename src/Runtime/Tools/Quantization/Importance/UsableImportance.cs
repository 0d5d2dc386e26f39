using ArchGen.Formats;

namespace ArchGen.Tools.Quantization.Importance;

/// <summary>What of an importance matrix scales can be found with.</summary>
internal static class UsableImportance
{
    /// <summary>Weighted by more than this, sums of squares leave the singles' range.</summary>
    public const float Most = 1e18f;

    // Weighted by less than this, squares of usual weights do.
    private const float Least = 1e-30f;

    /// <summary>
    /// Weights that are more than zero. Where all columns that share a scale matter nothing at all, the scale would be that of no number, and the weights
    /// would all become zero. More likely the text never reached them, so nothing is known, and they matter as the others do on average.
    /// </summary>
    /// <param name="weights">[matrices, columns].</param>
    /// <param name="columns">Columns of a matrix.</param>
    /// <param name="type">The type that is made.</param>
    /// <returns>The weights; how many groups of columns nothing is known of; and how many groups there are.</returns>
    public static (float[] Weights, int Unknown, int Groups) Fill(ReadOnlySpan<float> weights, int columns, TensorType type)
    {
        var (filled, group, unknown, groups) = (weights.ToArray(), GroupOf(type), 0, 0);
        for (var row = 0; row < filled.Length; row += columns)
        {
            var matrix = filled.AsSpan(row, columns);
            var usual = Mean(matrix);
            for (; !matrix.IsEmpty; matrix = matrix[Math.Min(group, matrix.Length)..])
            {
                var part = matrix[..Math.Min(group, matrix.Length)];
                groups++;
                if (part.ContainsAnyInRange(Least, float.MaxValue)) continue;
                part.Fill(usual);
                unknown++;
            }
        }

        return (filled, unknown, groups);
    }

    /// <summary>Elements that share a scale.</summary>
    private static int GroupOf(TensorType type) => type switch
    {
        TensorType.Q2_K or TensorType.Q3_K or TensorType.Q6_K or TensorType.IQ2_XS or TensorType.IQ2_S or TensorType.IQ1_M => 16,
        _ => 32,
    };

    private static float Mean(ReadOnlySpan<float> weights)
    {
        var (sum, count) = (0.0, 0);
        foreach (var weight in weights)
        {
            if (weight < Least) continue;
            sum += weight;
            count++;
        }

        return count == 0 ? 1 : (float)(sum / count);
    }
}
