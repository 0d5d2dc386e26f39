namespace ArchGen.Conversion;

/// <summary>Rows in another order, or a subset of them.</summary>
/// <param name="inner">The source of the rows.</param>
/// <param name="shape">The shape of the result.</param>
/// <param name="sourceRow">The source row of a row of the result.</param>
/// <param name="what">The description of the change.</param>
internal sealed class ReorderedRows(Weights inner, IReadOnlyList<long> shape, Func<long, long> sourceRow, string what) : Weights
{
    private readonly long _width = inner.RowLength;

    public override IReadOnlyList<long> Shape => shape;

    public override WeightsStorage? Storage => inner.Storage is { } storage && _width % storage.BlockSize == 0 ? storage : null;

    public override IEnumerable<string> Steps => [.. inner.Steps, what];

    public override IEnumerable<string> Sources => inner.Sources;

    public override void Read(long first, Span<float> destination)
    {
        while (destination.Length > 0)
        {
            var (row, column) = Math.DivRem(first, _width);
            var count = (int)Math.Min(destination.Length, _width - column);
            inner.Read((sourceRow(row) * _width) + column, destination[..count]);
            first += count;
            destination = destination[count..];
        }
    }

    public override void ReadStored(long first, Span<byte> destination)
    {
        var storage = Storage!;
        while (destination.Length > 0)
        {
            var (row, column) = Math.DivRem(first, _width);
            var bytes = (int)Math.Min(destination.Length, storage.ByteLength(_width - column));
            inner.ReadStored((sourceRow(row) * _width) + column, destination[..bytes]);
            first += bytes / storage.BytesPerBlock * storage.BlockSize;
            destination = destination[bytes..];
        }
    }
}
