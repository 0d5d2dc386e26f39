namespace ArchGen.Architectures;

/// <summary>Queries, keys and values; the generator inlines these functions into forward passes.</summary>
public abstract class Qkv : OpVocabulary
{
    /// <summary>From one fused matrix if the file has it, else from three: h [T, embd] -> [T, queries], [T, keys], [T, keys].</summary>
    public static (Tensor Q, Tensor K, Tensor V) Of(Tensor h, Linear? fused, Linear q, Linear k, Linear v, int queries, int keys) =>
        fused is null ? (q.Of(h), k.Of(h), v.Of(h)) : fused.Of(h).Split(queries, keys, keys);

    /// <summary>From the rows of one matrix, clipped; a limit of 0 is none: qkv [T, queries + 2*keys] -> [T, queries], [T, keys], [T, keys].</summary>
    public static (Tensor Q, Tensor K, Tensor V) Clipped(Tensor qkv, float limit, int queries, int keys) =>
        (limit > 0 ? Clamp(qkv, -limit, limit) : qkv).Split(queries, keys, keys);
}
