namespace ArchGen;

/// <summary>
/// Declares a KV cache that several attentions use: one writes it with <c>Attention(q, k, v, scale, cache: Name)</c>, later ones read it with
/// <c>Attention(q, Name, scale)</c>. Declared in the model, it holds what the last layer to write it has written; declared in a block, it belongs to that
/// block. Each write creates a cache of its own, so a list of blocks that runs twice has one for each pass. An attention whose cache no other reads needs no
/// declaration.
/// </summary>
/// <param name="keys">The shape of one token's keys: <c>"KvHeads, HeadDim"</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KvCacheAttribute(string keys) : Attribute
{
    /// <summary>The shape of one token's keys.</summary>
    public string Keys { get; } = keys;

    /// <summary>The shape of one token's values; by default that of its keys.</summary>
    public string? Values { get; set; }
}

/// <summary>Declares the recurrent state that a block keeps per sequence from one batch to the next.</summary>
/// <param name="shape">Its dimensions, slowest first.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StateAttribute(string shape) : Attribute
{
    /// <summary>Its dimensions, slowest first.</summary>
    public string Shape { get; } = shape;
}
