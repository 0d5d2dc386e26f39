namespace ArchGen.Architectures;

/// <summary>Multi-head latent attention (arXiv:2405.04434): keys and values of all heads from one latent vector, and rotated keys that heads share.</summary>
public interface IMla
{
    [HyperParameter("attention.q_lora_rank", Hf = "q_lora_rank", Default = "0")] int QueryRank { get; }
    [HyperParameter("attention.kv_lora_rank", Hf = "kv_lora_rank")] int KvRank { get; }
    [Tensor("Heads*KeyDim, Embd", RequiredIf = nameof(HasFullQuery))] Linear AttnQ { get; }
    [Tensor("QueryRank, Embd", Hf = "self_attn.q_a_proj", RequiredIf = nameof(HasQueryRank))] Linear AttnQA { get; }
    [Tensor("QueryRank", Hf = "self_attn.q_a_layernorm", RequiredIf = nameof(HasQueryRank))] RmsNorm AttnQANorm { get; }
    [Tensor("Heads*KeyDim, QueryRank", Hf = "self_attn.q_b_proj", RequiredIf = nameof(HasQueryRank))] Linear AttnQB { get; }
    [Tensor("KvRank + RopeDims, Embd", Hf = "self_attn.kv_a_proj_with_mqa")] Linear AttnKvAMqa { get; }
    [Tensor("KvRank", Hf = "self_attn.kv_a_layernorm")] RmsNorm AttnKvANorm { get; }
    [Tensor("Embd, Heads*ValueDim")] Linear AttnOutput { get; }
    [Tensor("Heads, KvRank, NopeDim", RequiredIf = nameof(IsSplit))] HeadLinear AttnKB { get; }
    [Tensor("Heads, ValueDim, KvRank", RequiredIf = nameof(IsSplit))] HeadLinear AttnVB { get; }
    [Tensor("Heads*(NopeDim + ValueDim), KvRank", RequiredIf = nameof(IsFused))] Linear AttnKvB { get; }

    int Heads { get; }
    int RopeDims { get; }
    int KeyDim { get; }
    int ValueDim { get; }
    int NopeDim { get; }
    bool IsSplit { get; }
    bool IsFused => !IsSplit;
    bool HasQueryRank => QueryRank > 0;
    bool HasFullQuery => !HasQueryRank;
}

/// <summary>Multi-head latent attention: h [T, embd] -> [T, embd].</summary>
public abstract class Mla : OpVocabulary
{
    /// <param name="position">What is done to the rotated parts: the block's <c>Rotary</c>.</param>
    /// <param name="tempered">What is done to whole queries: <c>q => q</c> for nothing.</param>
    public static Tensor Of(IMla part, Tensor h, Func<Tensor, Tensor> position, Func<Tensor, Tensor> tempered, float scale)
    {
        var query = part.HasQueryRank ? part.AttnQB.Of(part.AttnQANorm.Of(part.AttnQA.Of(h))) : part.AttnQ.Of(h);
        var (qNope, qRope) = query.Heads(part.Heads).Split(part.NopeDim, part.RopeDims);
        var (latent, kRope) = part.AttnKvAMqa.Of(h).Split(part.KvRank, part.RopeDims);
        var q = position(qRope);
        var c = part.AttnKvANorm.Of(latent);
        var k = position(kRope.Heads(1));
        return part.AttnOutput.Of(part.IsSplit ? Absorbed(part, qNope, q, c.Heads(1), k, tempered, scale) : Full(part, qNope, q, c, k, tempered, scale));
    }

    /// <summary>The key projection moves to the query, so that the cache has only the latent vector.</summary>
    private static Tensor Absorbed(IMla part, Tensor nope, Tensor rotated, Tensor latent, Tensor key, Func<Tensor, Tensor> tempered, float scale)
    {
        var mixed = Attention(tempered(Concat(part.AttnKB.Of(nope), rotated)), Concat(latent, key), latent, scale);
        return part.AttnVB.Of(mixed.Heads(part.Heads)).Flatten();
    }

    private static Tensor Full(IMla part, Tensor nope, Tensor rotated, Tensor latent, Tensor key, Func<Tensor, Tensor> tempered, float scale)
    {
        var (kNope, v) = part.AttnKvB.Of(latent).Heads(part.Heads).Split(part.NopeDim, part.ValueDim);
        return Attention(tempered(Concat(nope, rotated)), Concat(kNope, key.RepeatHeads(part.Heads)), v, scale);
    }
}
