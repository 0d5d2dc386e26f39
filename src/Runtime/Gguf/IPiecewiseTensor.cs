using System.Collections.Immutable;
using ArchGen.Formats;

namespace ArchGen.Gguf;

/// <summary>A tensor that is made piece by piece while its file is written; several threads make pieces at once.</summary>
internal interface IPiecewiseTensor
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>How it is stored.</summary>
    TensorType Type { get; }

    /// <summary>Its sizes, fastest first.</summary>
    ImmutableArray<long> Dimensions { get; }

    /// <summary>The pieces in order: the first element of each and how many there are, whole blocks.</summary>
    IEnumerable<(long First, int Count)> Pieces();

    /// <summary>The bytes of a piece where they are in memory already; empty where they have to be made.</summary>
    ReadOnlySpan<byte> Stored(long first, int count);

    /// <summary>Makes the bytes of a piece.</summary>
    void Make(long first, int count, Span<byte> destination);
}
