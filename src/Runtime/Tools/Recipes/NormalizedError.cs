namespace ArchGen.Tools.Recipes;

/// <summary>The distance of values from the expected ones: the normalized mean squared error (NMSE).</summary>
public static class NormalizedError
{
    /// <summary>
    /// The sum of squared differences over the sum of squared expected values; 0 if all values are equal. Equal infinities count as equal;
    /// NaN on one side makes the error NaN.
    /// </summary>
    /// <exception cref="ArgumentException">The numbers of values differ.</exception>
    public static double Of(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
            throw new ArgumentException($"found {actual.Length} values; expected {expected.Length}", nameof(actual));
        double difference = 0, magnitude = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (float.IsInfinity(expected[i]) && expected[i] == actual[i]) continue;
            var d = (double)expected[i] - actual[i];
            difference += d * d;
            magnitude += (double)expected[i] * expected[i];
        }

        return difference == 0 ? 0 : difference / magnitude;
    }
}
