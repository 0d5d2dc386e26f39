using ArchGen.Formats;

namespace ArchGen.Tools.Quantization.Importance;

/// <summary>The weights of an importance matrix with which scales can be found.</summary>
internal static class UsableImportance
{
    /// <summary>The largest usable weight: with more, sums of squares overflow an f32.</summary>
    public const float Max = 1e18f;

    // The smallest usable weight: with less, squares of usual weights underflow.
    private const float Min = 1e-30f;

    /// <summary>
    /// Makes the weights positive. If all columns that share a scale had the weight zero, no number would determine the scale, and all would become zero.
    /// More likely the text never reached them, so nothing is known, and they get the average weight.
    /// </summary>
    /// <param name="weights">[matrices, columns].</param>
    /// <param name="columns">Columns of a matrix.</param>
    /// <param name="type">The type of the quantized tensor.</param>
    /// <returns>The weights, the number of groups of columns without information, and the number of all groups.</returns>
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
                if (part.ContainsAnyInRange(Min, float.MaxValue)) continue;
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
            if (weight < Min) continue;
            sum += weight;
            count++;
        }

        return count == 0 ? 1 : (float)(sum / count);
    }
}
