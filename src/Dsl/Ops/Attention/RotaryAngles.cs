namespace ArchGen.Eager;

/// <summary>
/// The angles of a rotary embedding. Pair i of a head is rotated by <c>position * base^(-2i/dims) / factor[i]</c> (RoFormer, arXiv:2104.09864; the factors
/// are those of Llama 3.1 and LongRoPE, arXiv:2402.13753), times <c>freqScale</c> with interpolation of positions.
/// <para>
/// YaRN (arXiv:2309.00071, section 3) interpolates slow pairs and leaves fast ones. With <c>d(r) = dims * ln(context / (2 pi r)) / (2 ln base)</c>, the pair
/// that turns r times within the original context, <c>low = max(0, d(betaFast))</c>, <c>high = min(dims - 1, d(betaSlow))</c>, where d is rounded away
/// from the other end to a whole pair if the ramp is truncated, and
/// <c>keep = extFactor * (1 - clamp((i - low) / max(0.001, high - low), 0, 1))</c>, the angle is <c>keep * plain + (1 - keep) * freqScale * plain</c>,
/// and the vectors are multiplied by <c>1 + 0.1 ln(1 / freqScale)</c>. An extFactor of 0 disables YaRN.
/// </para>
/// </summary>
internal sealed class RotaryAngles(
    int dims, double freqBase, double freqScale, double extFactor, double attnFactor, double betaFast, double betaSlow, double originalContext, bool truncated)
{
    /// <summary>The factor of every rotated element: <c>attnFactor</c>, times YaRN's own factor.</summary>
    public double Magnitude => extFactor == 0 ? attnFactor : attnFactor * (1 + (0.1 * Math.Log(1 / freqScale)));

    /// <summary>The angle in radians of pair <paramref name="i"/> at a position, its frequency divided by <paramref name="factor"/>.</summary>
    public double Of(int position, int i, double factor)
    {
        var plain = position * Math.Pow(freqBase, -2.0 * i / dims) / factor;
        var interpolated = freqScale * plain;
        if (extFactor == 0) return interpolated;
        double low = PairOfTurns(betaFast), high = PairOfTurns(betaSlow);
        if (truncated) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(0, low), Math.Min(dims - 1, high));
        var keep = extFactor * (1 - Math.Clamp((i - low) / Math.Max(0.001, high - low), 0, 1));
        return (keep * plain) + ((1 - keep) * interpolated);
    }

    private double PairOfTurns(double turns) => dims * Math.Log(originalContext / (2 * Math.PI * turns)) / (2 * Math.Log(freqBase));
}
