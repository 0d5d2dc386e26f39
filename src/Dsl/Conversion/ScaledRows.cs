namespace ArchGen.Conversion;

/// <summary>Each row times a factor of its own, in f32.</summary>
internal sealed class ScaledRows(Weights inner, Func<long, float> factor, string what) : Weights
{
    public override IReadOnlyList<long> Shape => inner.Shape;

    public override IEnumerable<string> Steps => [.. inner.Steps, what];

    public override IEnumerable<string> Sources => inner.Sources;

    public override void Read(long first, Span<float> destination)
    {
        inner.Read(first, destination);
        var width = inner.RowLength;
        for (var i = 0; i < destination.Length;)
        {
            var (row, column) = Math.DivRem(first + i, width);
            var end = (int)Math.Min(destination.Length, i + width - column);
            for (var by = factor(row); i < end; i++) destination[i] *= by;
        }
    }
}
