using System.Numerics;

namespace ArchGen.Tools.Measurement;

/// <summary>Quantiles of values that are sorted.</summary>
internal static class Quantiles
{
    /// <summary>The value below which a part of the values is, interpolated between two of them as NumPy does by default.</summary>
    /// <param name="sorted">The values, at least one.</param>
    /// <param name="part">The part; 0 and 1 give minimum and maximum.</param>
    public static double Of<T>(ReadOnlySpan<T> sorted, double part)
        where T : INumber<T>
    {
        var place = Math.Clamp(part, 0, 1) * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return ((1 - (place - below)) * double.CreateChecked(sorted[below])) + ((place - below) * double.CreateChecked(sorted[above]));
    }
}
