using System.Collections;

namespace ArchGen;

/// <summary>The blocks of a model in order.</summary>
public sealed class BlockList<T>(IReadOnlyList<T> blocks) : IReadOnlyList<T>
    where T : Block
{
    /// <inheritdoc/>
    public int Count => blocks.Count;

    /// <inheritdoc/>
    public T this[int index] => blocks[index];

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
