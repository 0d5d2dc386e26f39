namespace ArchGen.Formats;

/// <summary>Decodes stored elements to floats, exactly: the same bits on every instruction set. Stateless: one instance serves every thread.</summary>
public abstract unsafe class TensorDecoder
{
    private protected TensorDecoder()
    {
    }

    /// <summary>Elements and bytes of a block.</summary>
    private protected abstract (int Elements, int Bytes) Block { get; }

    /// <summary>Writes <paramref name="count"/> elements (whole blocks) as floats.</summary>
    /// <param name="source">The first block; <see cref="TensorFormat.ByteLength"/> bytes are read.</param>
    /// <param name="destination"><paramref name="count"/> floats.</param>
    /// <param name="count">A multiple of <see cref="TensorFormat.BlockSize"/>.</param>
    public abstract void Decode(byte* source, float* destination, long count);

    /// <summary>Decodes elements (whole blocks) until the destination is full.</summary>
    /// <param name="source">The blocks; it may be longer.</param>
    /// <param name="destination">Whole blocks of elements.</param>
    /// <exception cref="ArgumentException">The destination is not a number of whole blocks, or the source is too short for it.</exception>
    public void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var (elements, bytesOfBlock) = Block;
        if (destination.Length % elements != 0)
            throw new ArgumentException($"{destination.Length} elements are no whole blocks of {elements}.", nameof(destination));
        if (source.Length < (long)destination.Length / elements * bytesOfBlock)
            throw new ArgumentException($"{source.Length} bytes are too few for {destination.Length} elements.", nameof(source));
        fixed (byte* bytes = source)
        fixed (float* floats = destination) Decode(bytes, floats, destination.Length);
    }
}
