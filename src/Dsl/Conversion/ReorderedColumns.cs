namespace ArchGen.Conversion;

/// <summary>The columns of each row in another order.</summary>
/// <param name="inner">The source.</param>
/// <param name="sourceColumn">The source column of a column of the result.</param>
/// <param name="what">The description of the change.</param>
internal sealed class ReorderedColumns(Weights inner, Func<long, long> sourceColumn, string what) : Weights
{
    private readonly long _width = inner.Shape[^1];

    public override IReadOnlyList<long> Shape => inner.Shape;

    public override WeightsStorage? Storage => inner.Storage is { BlockSize: 1 } storage ? storage : null;

    public override IEnumerable<string> Steps => [.. inner.Steps, what];

    public override IEnumerable<string> Sources => inner.Sources;

    public override void Read(long first, Span<float> destination)
    {
        var source = new float[_width];
        while (destination.Length > 0)
        {
            var (row, column) = Math.DivRem(first, _width);
            var count = (int)Math.Min(destination.Length, _width - column);
            inner.Read(row * _width, source);
            for (var i = 0; i < count; i++) destination[i] = source[sourceColumn(column + i)];
            first += count;
            destination = destination[count..];
        }
    }

    public override void ReadStored(long first, Span<byte> destination)
    {
        var size = Storage!.BytesPerBlock;
        var source = new byte[_width * size];
        while (destination.Length > 0)
        {
            var (row, column) = Math.DivRem(first, _width);
            var count = (int)Math.Min(destination.Length / size, _width - column);
            inner.ReadStored(row * _width, source);
            for (var i = 0; i < count; i++) source.AsSpan((int)sourceColumn(column + i) * size, size).CopyTo(destination[(i * size)..]);
            first += count;
            destination = destination[(count * size)..];
        }
    }
}
