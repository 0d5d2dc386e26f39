namespace ArchGen.Gguf.Checkpoints.Quantized;

/// <summary>A matrix of small numbers, and a scale for each block of rows and columns: their products, in f32.</summary>
internal sealed class ScaledTensor : CheckpointTensor
{
    private readonly CheckpointTensor _numbers;
    private readonly float[] _scales;
    private readonly long _columns, _blockRows, _blockColumns, _scaleColumns;

    /// <param name="numbers">[rows, columns].</param>
    /// <param name="scales">[rows/blockRows, columns/blockColumns], rounded up.</param>
    /// <param name="sources">The names in the file.</param>
    /// <exception cref="ModelFileException">The scales do not cover the numbers.</exception>
    public ScaledTensor(string name, CheckpointTensor numbers, CheckpointTensor scales, long blockRows, long blockColumns, IReadOnlyList<string> sources)
        : base(name, CheckpointType.Quantized, numbers.Shape, sources, numbers.Place)
    {
        (_numbers, _columns) = (numbers, numbers.Shape[^1]);
        (_blockRows, _blockColumns) = (blockRows, blockColumns);
        _scaleColumns = (_columns + blockColumns - 1) / blockColumns;
        var rows = ElementCount / Math.Max(_columns, 1);
        var expected = (rows + blockRows - 1) / blockRows * _scaleColumns;
        if (scales.ElementCount != expected)
        {
            throw new ModelFileException($"{Place}: {scales} has {scales.ElementCount} scales, expected {expected} for {numbers} in blocks of {blockRows} x "
                + $"{blockColumns}. Download the checkpoint again.");
        }

        _scales = new float[expected];
        scales.Read(0, _scales);
    }

    private protected override void ReadElements(long first, Span<float> destination)
    {
        _numbers.Read(first, destination);
        for (var i = 0; i < destination.Length;)
        {
            var (row, column) = Math.DivRem(first + i, _columns);
            var scale = _scales[(row / _blockRows * _scaleColumns) + (column / _blockColumns)];
            var end = (int)Math.Min(destination.Length, i + Math.Min(_columns - column, _blockColumns - (column % _blockColumns)));
            for (; i < end; i++) destination[i] *= scale;
        }
    }
}
