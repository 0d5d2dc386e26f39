namespace ArchGen;

/// <summary>
/// The keys and values that an attention keeps for the tokens to come, declared with <see cref="KvCacheAttribute"/> so that later attentions can read them.
/// An attention that nobody else reads needs none: it keeps its own.
/// </summary>
/// <param name="name">The name: <c>blk.3.shared_keys</c>.</param>
/// <param name="keys">The shape of one token's keys, [kvHeads, d].</param>
/// <param name="values">The shape of one token's values, [kvHeads, dv].</param>
public sealed class KvCache(string name, long[] keys, long[] values)
{
    /// <summary>The name: <c>blk.3.shared_keys</c>.</summary>
    public string Name { get; } = name;

    internal Shape Keys { get; } = new([.. keys.Select(d => (Dim)d)]);

    internal Shape Values { get; } = new([.. values.Select(d => (Dim)d)]);
}
