namespace ArchGen.Conversion;

/// <summary>Transposed matrices; with more than two dimensions the last two are exchanged.</summary>
internal sealed class TransposedMatrices : Weights
{
    // The number of source rows read in one chunk: enough for efficient reads of a column's part, few enough for the L2 cache.
    private const int TileBytes = 1 << 18;

    private readonly Weights _inner;
    private readonly long _rows, _columns;

    public TransposedMatrices(Weights inner)
    {
        _inner = inner;
        (_columns, _rows) = (inner.Shape[^2], inner.Shape[^1]);
        Shape = [.. inner.Shape.SkipLast(2), _rows, _columns];
    }

    public override IReadOnlyList<long> Shape { get; }

    public override IEnumerable<string> Steps => [.. _inner.Steps, "transposed"];

    public override IEnumerable<string> Sources => _inner.Sources;

    public override void Read(long first, Span<float> destination)
    {
        // The result's rows from first / columns on are columns of the source: for a band of columns, read that part of each source row and scatter it.
        while (destination.Length > 0)
        {
            var (matrix, within) = Math.DivRem(first, _rows * _columns);
            var (row, column) = Math.DivRem(within, _columns);
            var band = column == 0 ? Math.Min(destination.Length / _columns, _rows - row) : 0;
            if (band == 0)
            {
                var count = (int)Math.Min(destination.Length, _columns - column);
                ReadBand(matrix, row, 1, column, count, destination[..count]);
                first += count;
                destination = destination[count..];
            }
            else
            {
                band = Math.Min(band, Math.Max(1, TileBytes / sizeof(float) / 16));
                var count = (int)(band * _columns);
                ReadBand(matrix, row, (int)band, 0, (int)_columns, destination[..count]);
                first += count;
                destination = destination[count..];
            }
        }
    }

    private void ReadBand(long matrix, long row, int band, long column, int count, Span<float> destination)
    {
        var piece = System.Buffers.ArrayPool<float>.Shared.Rent(band);
        for (var c = 0; c < count; c++)
        {
            _inner.Read((matrix * _rows * _columns) + ((column + c) * _rows) + row, piece.AsSpan(0, band));
            for (var r = 0; r < band; r++) destination[(r * count) + c] = piece[r];
        }

        System.Buffers.ArrayPool<float>.Shared.Return(piece);
    }
}
