using System.Collections.Immutable;
using ArchGen.Formats;

namespace ArchGen.Gguf;

/// <summary>A tensor that is computed chunk by chunk while its file is written; several threads compute chunks at the same time.</summary>
internal interface IChunkedTensor
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>The tensor type.</summary>
    TensorType Type { get; }

    /// <summary>Its sizes, fastest first.</summary>
    ImmutableArray<long> Dimensions { get; }

    /// <summary>The chunks in order: the first element and the number of elements of each, whole blocks.</summary>
    IEnumerable<(long First, int Count)> Chunks();

    /// <summary>The bytes of a chunk if they are in memory already; otherwise empty.</summary>
    ReadOnlySpan<byte> Stored(long first, int count);

    /// <summary>Computes the bytes of a chunk.</summary>
    void Make(long first, int count, Span<byte> destination);
}
