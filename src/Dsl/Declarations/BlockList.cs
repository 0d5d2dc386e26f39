using System.Collections;

namespace ArchGen;

/// <summary>The blocks of a model in order.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class BlockList<T>(IReadOnlyList<T> blocks) : IReadOnlyList<T>
    where T : Block
{
    /// <summary>Says why the file has none of these blocks; null if it has them.</summary>
    internal Func<string?>? Absence { get; init; }

    /// <inheritdoc/>
    public int Count => blocks.Count;

    /// <inheritdoc/>
    /// <exception cref="ModelFileException">The file has no such block.</exception>
    public T this[int index] => (uint)index < (uint)blocks.Count ? blocks[index] : throw new ModelFileException(
        Absence?.Invoke() ?? $"Block {index} of a list is asked for that has {blocks.Count} in this file, so this graph cannot be built.");

    /// <summary>Calls the blocks in order on the residual stream, x [T, embd] -> [T, embd].</summary>
    public Tensor Of(Tensor x)
    {
        foreach (var block in blocks) x = block.RunForward(x);
        return x;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => blocks.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
