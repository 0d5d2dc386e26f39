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
        var errors = Enumerable.Range(0, tokens.Count)
            .Select(row => (Row: row, Error: NormalizedError.Of(expected.AsSpan(row * width, width), found.AsSpan(row * width, width)))).ToList();
        var text = new StringBuilder("  row  token  NMSE     largest difference\n");
        foreach (var (row, error) in errors.OrderByDescending(e => double.IsNaN(e.Error) ? double.PositiveInfinity : e.Error).Take(Count).OrderBy(e => e.Row))
        {
            var worst = Worst(expected.AsSpan(row * width, width), found.AsSpan(row * width, width));
            text.Append(CultureInfo.InvariantCulture, $"  {row,3}  {tokens[row],5}  {error,-7:0.0E+0}  ")
                .Append(CultureInfo.InvariantCulture, $"[{worst}]: {found[(row * width) + worst]:G6}, expected {expected[(row * width) + worst]:G6}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  The first of {tokens.Count} rows is at {errors[0].Error:0.0E+0}, the last at {errors[^1].Error:0.0E+0}.\n");
        return text.Append(hasDump
            ? "The dump is not there, or names no node that parts: record it for the same prompt, with more of the model's modules."
            : $"Record the author's activations and name them in {nameof(LogitsOptions)}.{nameof(LogitsOptions.Dump)}: then the first node that parts is named.")
            .ToString();
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
