namespace ArchGen;

/// <summary>What a cache holds: an attention that reads it has the same operands as the one that wrote it.</summary>
/// <param name="Number">The number of the cache, <see cref="Attr.Layer"/>.</param>
/// <param name="Keys">The keys that were written, [T, kvHeads, d].</param>
/// <param name="Values">The values that were written, [T, kvHeads, dv].</param>
internal readonly record struct CacheContents(int Number, Tensor Keys, Tensor Values);
