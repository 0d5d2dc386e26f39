using System.Globalization;
using System.Text;
using ArchGen.Tools.Recipes;

namespace ArchGen.Testing.Comparison;

/// <summary>The rows of a result that differ most, as a table.</summary>
internal static class WorstRows
{
    private const int Count = 5;

    /// <summary>Describes them. Where the first bad row is tells much: from row 1 on it is the positions, beyond a window it is the window.</summary>
    /// <param name="tokens">The prompt.</param>
    /// <param name="expected">The expected values, a row a token.</param>
    /// <param name="found">The model's.</param>
    /// <param name="hasDump">Whether a dump was given, which named no node.</param>
    public static string Describe(IReadOnlyList<int> tokens, float[] expected, float[] found, bool hasDump)
    {
        var width = found.Length / tokens.Count;
        double[] errors = [.. Enumerable.Range(0, tokens.Count).Select(row => NormalizedError.Of(Row(expected, row), Row(found, row)))];
        var text = new StringBuilder("  row  token  NMSE     largest difference\n");
        // NaN differs most.
        foreach (var row in Enumerable.Range(0, errors.Length).OrderBy(row => -errors[row]).Take(Count).Order())
        {
            var worst = Worst(Row(expected, row), Row(found, row));
            text.Append(CultureInfo.InvariantCulture, $"  {row,3}  {tokens[row],5}  {errors[row],-7:0.0E+0}  ")
                .Append(CultureInfo.InvariantCulture, $"[{worst}]: {Row(found, row)[worst]:G6}, expected {Row(expected, row)[worst]:G6}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  The first of {tokens.Count} rows is at {errors[0]:0.0E+0}, the last at {errors[^1]:0.0E+0}.\n");
        return text.Append(hasDump
            ? "The dump is not there, or names no node that parts: record it for the same prompt, with more of the model's modules."
            : $"Record the author's activations and name them in {nameof(LogitsOptions)}.{nameof(LogitsOptions.Dump)}: "
                + "then the first node that parts is named.")
            .ToString();

        ReadOnlySpan<float> Row(float[] values, int row) => values.AsSpan(row * width, width);
    }

    private static int Worst(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        var (worst, largest) = (0, -1.0);
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs((double)expected[i] - found[i]);
            if (double.IsNaN(difference)) return i;
            if (difference > largest) (worst, largest) = (i, difference);
        }

        return worst;
    }
}
