namespace ArchGen.Conversion;

/// <summary>Elements rounded to -1, 0 or 1 times their mean absolute value (BitNet b1.58, arXiv:2402.17764, section 2), in f32.</summary>
internal sealed class TernaryElements(Weights inner) : Weights
{
    private readonly Lazy<float> _inverse = new(() => InverseMean(inner));

    public override IReadOnlyList<long> Shape => inner.Shape;

    public override IEnumerable<string> Steps => [.. inner.Steps, "ternary"];

    public override IEnumerable<string> Sources => inner.Sources;

    public override void Read(long first, Span<float> destination)
    {
        inner.Read(first, destination);
        var inverse = _inverse.Value;
        foreach (ref var element in destination) element = Math.Clamp(MathF.Round(element * inverse), -1, 1) / inverse;
    }

    private static float InverseMean(Weights weights)
    {
        var (sum, count) = (0.0, weights.ElementCount);
        var piece = new float[(int)Math.Min(count, 1 << 16)];
        for (var first = 0L; first < count; first += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, count - first));
            weights.Read(first, part);
            foreach (var element in part) sum += Math.Abs(element);
        }

        return 1 / Math.Max((float)(sum / count), 1e-5f);
    }
}
