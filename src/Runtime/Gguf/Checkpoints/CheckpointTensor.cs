namespace ArchGen.Gguf.Checkpoints;

/// <summary>
/// One logical tensor of a <see cref="Checkpoint"/>, valid until that is disposed. Quantized storage is joined: a weight with its scales is one tensor that
/// reads dequantized, and the scales are not listed apart.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public abstract class CheckpointTensor
{
    /// <param name="name">The name.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="shape">The dimensions, slowest first, none negative, their product within 64 bits.</param>
    /// <param name="sources">The names in the file(s).</param>
    /// <param name="place">The file.</param>
    private protected CheckpointTensor(string name, CheckpointType type, IReadOnlyList<long> shape, IReadOnlyList<string> sources, string place)
    {
        (Name, Type, Shape, Sources, Place) = (name, type, shape, sources, place);
        ElementCount = shape.Aggregate(1L, (count, size) => checked(count * size));
    }

    /// <summary>The name, as Hugging Face's classes call it.</summary>
    public string Name { get; }

    /// <summary>The dimensions, slowest first; none for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The type of the elements.</summary>
    public CheckpointType Type { get; }

    /// <summary>The number of elements.</summary>
    public long ElementCount { get; }

    /// <summary>The names in the file(s) that it is made of: its own, or those of packed weights, scales, zero points, group indices.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>The file, for messages.</summary>
    public string Place { get; }

    /// <summary>Reads elements as f32, row by row, from <paramref name="first"/> on. Allocates nothing.</summary>
    /// <exception cref="ModelFileException">They reach beyond the tensor, or the type holds no numbers that can be read.</exception>
    public void Read(long first, Span<float> destination)
    {
        if (first < 0 || first > ElementCount - destination.Length)
        {
            throw new ModelFileException(
                $"{Place}: tensor {MessageText.Quote(Name)} has {ElementCount} elements; {destination.Length} from {first} on were asked for. "
                + "Its shape is another than expected.");
        }

        if (destination.Length > 0) ReadElements(first, destination);
    }

    /// <summary>The contiguous little-endian bytes of <see cref="Type"/>, if a mapped file holds them as such; of any alignment.</summary>
    public virtual bool TryGetMemory(out nint pointer, out long bytes)
    {
        (pointer, bytes) = (0, 0);
        return false;
    }

    /// <summary>
    /// Reads blocks of an <see cref="CheckpointType.Mxfp4"/> tensor as a GGUF file has them: 17 bytes each, the exponent, then element j in the low and
    /// j + 16 in the high nibble of byte j.
    /// </summary>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="blocks">The destination; its length is a whole number of blocks.</param>
    public virtual void ReadMxfp4(long firstBlock, Span<byte> blocks) => throw new NotSupportedException($"{Name} is {Type}, not MXFP4.");

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";

    /// <summary>Reads elements that are there.</summary>
    private protected abstract void ReadElements(long first, Span<float> destination);
}
