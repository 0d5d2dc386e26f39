namespace ArchGen;

/// <summary>
/// Declares a cache of keys and values that several attentions use: one writes it with <c>Attention(q, k, v, scale, cache: Name)</c>, later ones read it with
/// <c>Attention(q, Name, scale)</c>. Declared in the model it holds what any layer wrote last; declared in a block it is that block's. Each write begins a new
/// cache, so a list of blocks that runs twice has one for each pass. An attention that nobody else reads needs no declaration: it keeps its own.
/// </summary>
/// <param name="keys">The shape of one token's keys: <c>"KvHeads, HeadDim"</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KvCacheAttribute(string keys) : Attribute
{
    /// <summary>The shape of one token's keys.</summary>
    public string Keys { get; } = keys;

    /// <summary>The shape of one token's values, where it is not that of its keys.</summary>
    public string? Values { get; set; }
}

/// <summary>Declares what a block remembers of a sequence from one batch to the next.</summary>
/// <param name="shape">Its dimensions, slowest first.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StateAttribute(string shape) : Attribute
{
    /// <summary>Its dimensions, slowest first.</summary>
    public string Shape { get; } = shape;
}
