namespace ArchGen;

/// <summary>
/// A KV cache that several attentions use, declared with <see cref="KvCacheAttribute"/>: one attention writes it, later ones read it.
/// An attention whose cache no other reads needs no declaration.
/// </summary>
/// <param name="name">The name: <c>blk.3.shared_keys</c>.</param>
/// <param name="keys">The shape of one token's keys, [kvHeads, d].</param>
/// <param name="values">The shape of one token's values, [kvHeads, dv].</param>
public sealed class KvCache(string name, long[] keys, long[] values)
{
    /// <summary>The name: <c>blk.3.shared_keys</c>.</summary>
    public string Name { get; } = name;

    internal Shape Keys { get; } = new([.. Guard.NotNull(keys).Select(d => (Dim)d)]);

    internal Shape Values { get; } = new([.. Guard.NotNull(values).Select(d => (Dim)d)]);
}
