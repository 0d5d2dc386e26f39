namespace ArchGen.Checkpoints;

/// <summary>One tensor of a checkpoint. What is stored in several tensors (quantized numbers and their scales) is one; its name is that of the unquantized.</summary>
public abstract class CheckpointTensor
{
    /// <summary>The name.</summary>
    public abstract string Name { get; }

    /// <summary>The dimensions, slowest first; none for a single number.</summary>
    public abstract IReadOnlyList<long> Shape { get; }

    /// <summary>How the elements are stored.</summary>
    public abstract CheckpointType Type { get; }

    /// <summary>The file, for messages.</summary>
    public abstract string Place { get; }

    /// <summary>The names of the file's tensors that it is made of.</summary>
    public virtual IReadOnlyList<string> Sources => [Name];

    /// <summary>The number of elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Reads consecutive elements, row-major, as f32: exact where f32 holds them, else to nearest even.</summary>
    /// <param name="first">The first element.</param>
    /// <param name="destination">As many as it has room for.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public abstract void Read(long first, Span<float> destination);

    /// <summary>The stored bytes, little-endian, where they lie row-major in one piece of a mapped file.</summary>
    public virtual bool TryGetMemory(out nint pointer, out long bytes)
    {
        (pointer, bytes) = (0, 0);
        return false;
    }

    /// <summary>Reads blocks of an <see cref="CheckpointType.Mxfp4"/> tensor as a GGUF file has them: the exponent, then element j in the low and j + 16 in the high nibble of byte j.</summary>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="blocks">As many blocks of 17 bytes as it has room for.</param>
    public virtual void ReadMxfp4(long firstBlock, Span<byte> blocks) => throw new NotSupportedException($"{Name} is {Type}, not MXFP4.");

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";

    /// <summary>Checks the range of a read.</summary>
    protected void Check(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, ElementCount);
    }
}
