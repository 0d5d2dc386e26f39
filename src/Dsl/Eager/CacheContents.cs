namespace ArchGen;

/// <summary>The contents of a cache: the operands of an attention that reads it.</summary>
/// <param name="Number">The number of the cache, <see cref="Attr.Layer"/>.</param>
/// <param name="Keys">The keys that were written, [T, kvHeads, d].</param>
/// <param name="Values">The values that were written, [T, kvHeads, dv].</param>
internal readonly record struct CacheContents(int Number, Tensor Keys, Tensor Values);
