using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>
/// The angles of a rotary embedding (RoFormer, arXiv:2104.09864) with linear, YaRN (arXiv:2309.00071) and per-frequency scaling.
/// </summary>
/// <param name="attributes">The numbers of the rope node.</param>
/// <param name="factors">What each frequency is divided by, dims/2 of them; may be null.</param>
internal sealed unsafe class RopeFrequencies(Attributes attributes, float* factors)
{
    private readonly int _dims = attributes.Int32(Attr.Dims);
    private readonly double _base = attributes.Find(Attr.FreqBase) ?? 10000;
    private readonly double _scale = attributes.Find(Attr.FreqScale) ?? 1;
    private readonly double _ext = attributes.Find(Attr.ExtFactor) ?? 0;
    private readonly double _magnitude = attributes.Find(Attr.AttnFactor) ?? 1;
    private readonly double _betaFast = attributes.Find(Attr.BetaFast) ?? 32;
    private readonly double _betaSlow = attributes.Find(Attr.BetaSlow) ?? 1;
    private readonly double _originalContext = attributes.Find(Attr.OriginalContext) ?? 0;
    private readonly bool _truncated = attributes.Int32(Attr.Truncated) == 1;
    private readonly int _direction = attributes.Int32(Attr.Inverse) == 1 ? -1 : 1;

    public int Pairs => _dims / 2;

    /// <summary>What sines and cosines are multiplied by; YaRN raises it with the extension of the context.</summary>
    public double Magnitude => _ext == 0 ? _magnitude : _magnitude * (1 + (0.1 * Math.Log(1 / _scale)));

    /// <summary>The angle of pair <paramref name="i"/> per position, negative if the rotation is inverse.</summary>
    public double Frequency(int i) => _direction * Forward(i);

    private double Forward(int i)
    {
        var frequency = Math.Pow(_base, -2.0 * i / _dims);
        var extrapolated = factors is null ? frequency : frequency / factors[i];
        var interpolated = _scale * extrapolated;
        if (_ext == 0) return interpolated;
        double low = PairOfRotations(_betaFast), high = PairOfRotations(_betaSlow);
        if (_truncated) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(0, low), Math.Min(_dims - 1, high));
        var ramp = 1 - Math.Clamp((i - low) / Math.Max(0.001, high - low), 0, 1);
        return (interpolated * (1 - (ramp * _ext))) + (extrapolated * ramp * _ext);
    }

    // The pair that rotates this many times over the original context.
    private double PairOfRotations(double rotations) => _dims * Math.Log(_originalContext / (rotations * 2 * Math.PI)) / (2 * Math.Log(_base));
}
