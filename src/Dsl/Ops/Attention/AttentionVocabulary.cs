namespace ArchGen;

public abstract partial class OpVocabulary
{
    /// <summary>
    /// Scaled dot-product attention (arXiv:1706.03762): q [T, heads, d], k [T, kvHeads, d], v [T, kvHeads, dv] -> [T, heads*dv].
    /// The mask is the model's (<see cref="DecoderModel.IsCausal"/>) unless one is given. A causal attention writes its keys and values to its own KV cache,
    /// or to a declared one, which later layers can read.
    /// </summary>
    /// <param name="q">The queries.</param>
    /// <param name="k">The keys.</param>
    /// <param name="v">The values.</param>
    /// <param name="scale">The factor of q.k.</param>
    /// <param name="mask">The keys that a query attends to; by default those that the model's mask shows.</param>
    /// <param name="window">The size of the window; 0 for none.</param>
    /// <param name="softcap">If not 0, a score s becomes softcap * tanh(s / softcap) (Gemma 2, arXiv:2408.00118).</param>
    /// <param name="alibi">If not 0, the largest bias of ALiBi (arXiv:2108.12409).</param>
    /// <param name="bias">A table [buckets, heads] of biases by relative position (T5, arXiv:1910.10683).</param>
    /// <param name="sinks">A logit per head that takes part in the softmax alone (arXiv:2309.17453), [heads].</param>
    /// <param name="maxDistance">The distance from which on all positions share the last bucket of <paramref name="bias"/>.</param>
    /// <param name="cache">The declared cache to which keys and values are written; only with a causal mask.</param>
    /// <exception cref="ModelFileException">The file's mask is bidirectional, and the attention has a declared cache.</exception>
    [Op(Op.Attention, Node = "attn", Reads = [nameof(DecoderModel.IsCausal)])]
    protected static Tensor Attention(
        Tensor q, Tensor k, Tensor v, float scale, AttentionMask? mask = null, int window = 0, float softcap = 0, float alibi = 0,
        Weight? bias = null, Weight? sinks = null, int maxDistance = 0, KvCache? cache = null)
    {
        var shown = mask ?? q.Evaluation.Mask;
        if (shown != AttentionMask.Causal && cache is not null)
        {
            throw new ModelFileException($"attention.causal is false, but attention with the cache {cache.Name} must be causal: tokens that see later ones "
                + "are computed all at once. Correct the key.");
        }

        var number = shown == AttentionMask.Causal ? q.Evaluation.WriteCache(cache, k, v) : -1;
        return Attend(q, k, v, scale, shown, window, softcap, alibi, bias, sinks, maxDistance, number);
    }

    /// <summary>
    /// Causal attention to the keys and values that an earlier attention wrote to a declared cache, including those of the present batch (arXiv:2405.12981,
    /// Gemma 3n): q [T, heads, d] -> [T, heads*dv].
    /// </summary>
    /// <param name="q">The queries.</param>
    /// <param name="cache">The cache; it holds what was last written to it.</param>
    /// <param name="scale">The factor of q.k.</param>
    /// <param name="window">The size of the window; 0 for none.</param>
    /// <param name="softcap">If not 0, a score s becomes softcap * tanh(s / softcap) (Gemma 2, arXiv:2408.00118).</param>
    /// <param name="alibi">If not 0, the largest bias of ALiBi (arXiv:2108.12409).</param>
    /// <param name="bias">A table [buckets, heads] of biases by relative position (T5, arXiv:1910.10683).</param>
    /// <param name="sinks">A logit per head that takes part in the softmax alone (arXiv:2309.17453), [heads].</param>
    /// <param name="maxDistance">The distance from which on all positions share the last bucket of <paramref name="bias"/>.</param>
    [Op(Op.Attention, Node = "attn")]
    protected static Tensor Attention(
        Tensor q, KvCache cache, float scale, int window = 0, float softcap = 0, float alibi = 0, Weight? bias = null, Weight? sinks = null,
        int maxDistance = 0)
    {
        var (number, keys, values) = q.Evaluation.ReadCache(cache);
        return Attend(q, keys, values, scale, AttentionMask.Causal, window, softcap, alibi, bias, sinks, maxDistance, number);
    }

    private static Tensor Attend(
        Tensor q, Tensor k, Tensor v, float scale, AttentionMask mask, int window, float softcap, float alibi, Weight? bias, Weight? sinks,
        int maxDistance, int cache) =>
        q.Apply(
            Op.Attention,
            new Attributes(
                (Attr.Factor, scale), (Attr.Mask, (int)mask), (Attr.Window, window), (Attr.Softcap, softcap), (Attr.AlibiMaxBias, alibi),
                (Attr.BucketsMaxDistance, maxDistance), (Attr.Layer, cache)),
            k, v, bias?.In(q.Evaluation), sinks?.In(q.Evaluation));

    /// <summary>Attention to the output of the encoder: q [T, heads, d], k [S, kvHeads, d], v [S, kvHeads, dv] -> [T, heads*dv].</summary>
    [Op(Op.CrossAttention, Node = "cross_attn")]
    protected static Tensor CrossAttention(Tensor q, Tensor k, Tensor v, float scale) =>
        q.Apply(Op.CrossAttention, new Attributes((Attr.Factor, scale)), k, v);

    /// <summary>
    /// Attention's temperature by position (Llama 4, Mistral): queries q [T, heads, d] times 1 + factor * ln(1 + (position + offset) / length), the
    /// quotient rounded down.
    /// </summary>
    /// <param name="q">The queries.</param>
    /// <param name="factor">The factor of the logarithm; Llama 4: 0.1.</param>
    /// <param name="length">The number of positions from one temperature to the next; Llama 4: 8192.</param>
    /// <param name="offset">What is added to positions, at least 0; Llama 4: 1.</param>
    [Op(Op.Temperature)]
    protected static Tensor Temperature(Tensor q, float factor, int length, int offset = 0) =>
        q.Apply(Op.Temperature, new Attributes((Attr.Factor, factor), (Attr.Length, length), (Attr.Offset, offset)));
}

public abstract partial class Block
{
    /// <summary>The rotary embedding of this block: by default the model's, with what the hyper-parameters say of its size, base and scaling.</summary>
    protected virtual RotaryEmbedding Rotary => new((DecoderModel)Model);

    /// <summary>
    /// Rotary position embedding (arXiv:2104.09864) of x [T, heads, d], with the file's scaling: <see cref="RotaryEmbedding.Of"/> of the model's, with what
    /// is given. Returns x if the kind is None.
    /// </summary>
    /// <param name="x">Queries or keys by head.</param>
    /// <param name="factors">A divisor per frequency (Llama 3, long RoPE), [dims/2].</param>
    /// <param name="freqBase">The base of the frequencies; by default the model's.</param>
    /// <param name="scaled">Whether the file's scaling of positions (linear, YaRN) applies.</param>
    /// <param name="truncated">Whether the limits of YaRN's ramp are rounded to whole pairs, as in the paper's code.</param>
    /// <param name="dims">The number of elements of a head, from the first on, that are rotated; by default the model's.</param>
    /// <param name="kind">The pairs of elements; by default the architecture's.</param>
    /// <param name="inverse">Whether it turns back by the same angles.</param>
    [Op(Op.Rope, Reads = [nameof(DecoderModel.RopeDims), nameof(DecoderModel.RopeFreqBase), nameof(DecoderModel.RopeScaling)])]
    protected Tensor Rope(
        Tensor x, Weight? factors = null, float? freqBase = null, bool scaled = true, bool truncated = true, int? dims = null, RopeKind? kind = null,
        bool inverse = false)
    {
        var rotary = new RotaryEmbedding((DecoderModel)Model) { Factors = factors, IsScaled = scaled, IsTruncated = truncated, IsInverse = inverse };
        return (rotary with { FreqBase = freqBase ?? rotary.FreqBase, Dims = dims ?? rotary.Dims, Kind = kind ?? rotary.Kind }).Of(x);
    }
}
