using System.Collections.Immutable;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>A tensor that is written as it is in an open file.</summary>
internal sealed class CopiedTensor(GgufTensor tensor) : IChunkedTensor
{
    // About 16 MiB of f32: few writes, and Ctrl-C is heard soon.
    private const long ChunkElements = 1 << 22;

    public string Name => tensor.Name;

    public TensorType Type => tensor.Type;

    public ImmutableArray<long> Dimensions => tensor.Dimensions;

    public IEnumerable<(long First, int Count)> Chunks()
    {
        for (var first = 0L; first < tensor.ElementCount; first += ChunkElements)
            yield return (first, (int)Math.Min(ChunkElements, tensor.ElementCount - first));
    }

    public ReadOnlySpan<byte> Stored(long first, int count) => tensor.Slice(Type.ByteLength(first), (int)Type.ByteLength(count));

    public void Make(long first, int count, Span<byte> destination) => Stored(first, count).CopyTo(destination);
}
