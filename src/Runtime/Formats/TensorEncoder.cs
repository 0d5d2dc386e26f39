namespace ArchGen.Formats;

/// <summary>Stores floats in blocks, byte for byte as ggml's reference does. Stateless: one instance serves every thread.</summary>
public sealed class TensorEncoder
{
    private readonly RowEncoder _encode;
    private readonly int _blockSize, _bytesPerBlock;

    /// <summary>Stores a row of whole blocks.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="destination">As many blocks.</param>
    /// <param name="importance">The importance of each element, not negative; empty if all are equal.</param>
    internal delegate void RowEncoder(ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance);

    internal TensorEncoder(RowEncoder encode, int blockSize, int bytesPerBlock, bool needsImportance)
    {
        (_encode, _blockSize, _bytesPerBlock, NeedsImportance) = (encode, blockSize, bytesPerBlock, needsImportance);
    }

    /// <summary>Whether it works only with importance.</summary>
    public bool NeedsImportance { get; }

    /// <summary>Stores elements, all of equal importance.</summary>
    /// <param name="source">The elements: whole blocks.</param>
    /// <param name="destination">As many bytes as these need.</param>
    /// <exception cref="ArgumentException">The type needs importance.</exception>
    public void Encode(ReadOnlySpan<float> source, Span<byte> destination) => Encode(source, destination, source.Length, default);

    /// <summary>Stores whole rows.</summary>
    /// <param name="source">The elements, row by row.</param>
    /// <param name="destination">As many bytes as these need.</param>
    /// <param name="columns">Elements of a row: whole blocks.</param>
    /// <param name="importance">The importance of each column, not negative; empty if all are equal.</param>
    /// <exception cref="ArgumentException">There is no importance, and the type needs it; or a length does not fit the others.</exception>
    public void Encode(ReadOnlySpan<float> source, Span<byte> destination, int columns, ReadOnlySpan<float> importance)
    {
        if (importance.IsEmpty && NeedsImportance) throw new ArgumentException("The type needs importance, and there is none.", nameof(importance));
        // Importance counts within a row; without it, rows are as good as one.
        if (importance.IsEmpty) columns = source.Length;
        if (source.IsEmpty) return;
        Check(source.Length, destination.Length, columns, importance.Length);
        var bytes = columns / _blockSize * _bytesPerBlock;
        for (; source.Length > 0; source = source[columns..], destination = destination[bytes..]) _encode(source[..columns], destination[..bytes], importance);
    }

    private void Check(int source, int destination, int columns, int importance)
    {
        if (columns < 1 || columns % _blockSize != 0 || source % columns != 0)
            throw new ArgumentException($"{source} elements are no rows of {columns} in whole blocks of {_blockSize}.", nameof(columns));
        if (destination < (long)source / _blockSize * _bytesPerBlock)
            throw new ArgumentException($"{destination} bytes are too few for {source} elements.", nameof(destination));
        if (importance != 0 && importance != columns)
            throw new ArgumentException($"{importance} numbers are the importance of {columns} columns.", nameof(importance));
    }
}
