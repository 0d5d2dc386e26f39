namespace ArchGen.Formats;

/// <summary>Decodes stored elements to floats, exactly: the same bits on every instruction set. Stateless: one instance serves every thread.</summary>
public abstract unsafe class TensorDecoder
{
    private protected TensorDecoder()
    {
    }

    /// <summary>Writes <paramref name="count"/> elements (whole blocks) as floats.</summary>
    /// <param name="source">The first block; <see cref="TensorFormat.ByteLength"/> bytes are read.</param>
    /// <param name="destination"><paramref name="count"/> floats.</param>
    /// <param name="count">A multiple of <see cref="TensorFormat.BlockSize"/>.</param>
    public abstract void Decode(byte* source, float* destination, long count);

    /// <summary>Decodes elements (whole blocks) until the destination is full.</summary>
    public void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        fixed (byte* bytes = source)
        fixed (float* floats = destination) Decode(bytes, floats, destination.Length);
    }
}
