namespace ArchGen.Formats.SmallFloats;

/// <summary>Four-bit floats (E2M1, OCP microscaling formats 1.0) of least error.</summary>
internal static unsafe class SmallFloatSearch
{
    /// <summary>Writes the nearest ones: number i in the low, that half of them further in the high half of byte i.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="scale">Half of what they are multiplied with, as levels are doubled.</param>
    /// <param name="destination">Half as many bytes.</param>
    public static void WriteNearest(ReadOnlySpan<float> x, float scale, byte* destination)
    {
        var half = x.Length / 2;
        for (var i = 0; i < half; i++) destination[i] = (byte)(Nearest(x[i], scale) | Nearest(x[i + half], scale) << 4);
    }

    private static int Nearest(float x, float scale)
    {
        var levels = DoubledE2M1Levels.Values;
        var (nearest, error) = (0, MathF.Abs((levels[0] * scale) - x));
        for (var i = 1; i < levels.Length; i++)
        {
            var other = MathF.Abs((levels[i] * scale) - x);
            if (other < error) (nearest, error) = (i, other);
        }

        return nearest;
    }
}
