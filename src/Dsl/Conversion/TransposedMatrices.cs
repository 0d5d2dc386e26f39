namespace ArchGen.Conversion;

/// <summary>Matrices with rows and columns exchanged; with more than two dimensions, the last two.</summary>
internal sealed class TransposedMatrices : Weights
{
    // Source rows that are read at once: enough that each read of a column's piece pays, few enough to stay in the second-level cache.
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
        // The result's rows first / columns .. are columns of the source: read for a band of them each source row's piece, and spread it.
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
