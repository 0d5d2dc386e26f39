using ArchGen.Formats.Blocks;

namespace ArchGen.Formats.FewBits;

/// <summary>Numbers in units of the largest magnitude of their block: Q2_0, TQ1_0 and TQ2_0.</summary>
internal static unsafe class LargestScale
{
    /// <summary>Writes the largest magnitude and returns its inverse.</summary>
    public static float Write(ReadOnlySpan<float> x, ushort* destination)
    {
        var (magnitude, _) = BlockWriter.Largest(x);
        BlockWriter.Half(destination, magnitude);
        return magnitude != 0 ? 1 / magnitude : 0;
    }

    /// <summary>To the nearest whole number, halves away from zero.</summary>
    public static int Round(float x) => (int)MathF.Round(x, MidpointRounding.AwayFromZero);
}
