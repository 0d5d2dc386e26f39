using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats;

/// <summary>The format of one tensor type: its sizes, decoder and encoder. README.md in the type's folder describes it.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class TensorFormat
{
    private readonly TensorDecoder?[] _decoders = new TensorDecoder?[(int)VectorWidth.Avx512 + 1];

    private readonly Func<BlockFormat>? _createBlocks;
    private BlockFormat? _blocks;

    /// <param name="type">The type.</param>
    /// <param name="name">The name used by ggml.</param>
    /// <param name="blockSize">Elements per block.</param>
    /// <param name="bytesPerBlock">Bytes per block.</param>
    /// <param name="blocks">Makes what unpacks its blocks; null where its elements cannot be read as floats.</param>
    internal TensorFormat(TensorType type, string name, int blockSize, int bytesPerBlock, Func<BlockFormat>? blocks = null)
    {
        (Type, Name, BlockSize, BytesPerBlock, _createBlocks) = (type, name, blockSize, bytesPerBlock, blocks);
    }

    /// <summary>The type.</summary>
    public TensorType Type { get; }

    /// <summary>The name used by ggml, such as "q4_K".</summary>
    public string Name { get; }

    /// <summary>Elements per block; 1 for types without blocks.</summary>
    public int BlockSize { get; }

    /// <summary>Bytes per block; bytes per element for types without blocks.</summary>
    public int BytesPerBlock { get; }

    /// <summary>Bits per element.</summary>
    public double BitsPerWeight => 8.0 * BytesPerBlock / BlockSize;

    /// <summary>Whether elements share a scale within a block.</summary>
    public bool IsQuantized => BlockSize > 1;

    /// <summary>Whether its elements can be read as floats, and weights of it be multiplied.</summary>
    public bool IsDecodable => _createBlocks is not null;

    /// <summary>The decoder of its elements to floats, with the widest vectors of this machine.</summary>
    /// <exception cref="ArchGenException">They cannot be read as floats.</exception>
    public TensorDecoder Decoder => DecoderWith(VectorWidths.Widest);

    /// <summary>The encoder; null if there is none.</summary>
    public TensorEncoder? Encoder { get; internal init; }

    /// <summary>Whether floats can be stored in it.</summary>
    public bool IsEncodable => Encoder is not null;

    /// <summary>Bytes of a number of consecutive elements, a multiple of the block size.</summary>
    public long ByteLength(long elements) => elements / BlockSize * BytesPerBlock;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>As <see cref="Decoder"/>, with vectors of a width that the processor must have.</summary>
    /// <exception cref="ModelFileException">Elements cannot be read as floats.</exception>
    internal TensorDecoder DecoderWith(VectorWidth width) => _decoders[(int)width] ??= width switch
    {
        VectorWidth.Avx512 => Accept(new BlockDecoderFactory<Simd512, Vector512<float>>()),
        VectorWidth.Avx2 => Accept(new BlockDecoderFactory<Simd256, Vector256<float>>()),
        _ => Accept(new BlockDecoderFactory<Simd128, Vector128<float>>()),
    };

    /// <summary>Calls a visitor with its block format.</summary>
    /// <exception cref="ModelFileException">Elements cannot be read as floats.</exception>
    internal TResult Accept<TResult>(IBlockFormatVisitor<TResult> visitor) where TResult : class => _createBlocks is not null
        ? (_blocks ??= _createBlocks()).Accept(visitor)
        : throw new ModelFileException($"Elements of type {Name} cannot be read as numbers. Use a file in a type that can, such as f16, q8_0 or q4_K.");
}
