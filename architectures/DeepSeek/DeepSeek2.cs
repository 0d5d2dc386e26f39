namespace ArchGen.Architectures;

/// <summary>DeepSeek V2 and V3: multi-head latent attention, and fine-grained experts beside shared ones (arXiv:2405.04434, arXiv:2412.19437).</summary>
[Architecture("deepseek2", Rope = RopeKind.Interleaved)]
public partial class DeepSeek2 : Decoder
{
    [HyperParameter("attention.value_length", Hf = "kv_lora_rank", Default = "HeadDim")] public partial int ValueLength { get; }
    [HyperParameter("attention.key_length_mla", Hf = "qk_nope_head_dim + qk_rope_head_dim", Default = "0")] public partial int KeyLengthMla { get; }
    [HyperParameter("attention.value_length_mla", Hf = "v_head_dim", Default = "0")] public partial int ValueLengthMla { get; }
    [HyperParameter("leading_dense_block_count", Hf = "first_k_dense_replace", Default = "0")] public partial int LeadingDense { get; }

    // Files with the latent projections split by head have separate keys for the true head sizes.
    public bool IsSplit => KeyLengthMla > 0;
    public int KeyDim => IsSplit ? KeyLengthMla : HeadDim;
    public int ValueDim => IsSplit ? ValueLengthMla : ValueLength;
    public int NopeDim => KeyDim - RopeDims;
    public float YarnScale => 1 + (RopeScaling.LogMultiplier * Log(RopeScaling.Factor));

    // The checkpoint has for each head the rows of its keys, then those of its values.
    private Weights KeysByHead(Weights kv) => kv.OfEachGroup(Heads, 0, NopeDim).Reshaped(Heads, NopeDim, KvRank).Transposed();
    private Weights ValuesByHead(Weights kv) => kv.OfEachGroup(Heads, NopeDim, ValueDim).Reshaped(Heads, ValueDim, KvRank);

    public bool IsDense(int layer) => layer < LeadingDense;

    public abstract partial class Layer : PreNormLayer, IMla, ITemperature
    {
        protected override Tensor Attend(Tensor h) => Mla.Of(this, h, Rotary, q => Tempered.Of(this, q), YarnScale * YarnScale / Sqrt(KeyDim));
    }

    [When(nameof(IsDense))]
    public partial class DenseLayer : Layer, IGatedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    public partial class MixtureLayer : Layer, IFineGrainedMixture
    {
        protected override Tensor FeedForward(Tensor h) => FineGrainedMixture.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM", Rope = RopeKind.Interleaved)]
[Hf(nameof(HeadDim), "kv_lora_rank + qk_rope_head_dim"), Hf(nameof(RopeDims), "qk_rope_head_dim"), Hf(nameof(KvHeads), "1")]
[Hf(nameof(IMla.AttnKB), "self_attn.kv_b_proj", From = nameof(KeysByHead)), Hf(nameof(IMla.AttnVB), "self_attn.kv_b_proj", From = nameof(ValuesByHead))]
[ConfigIs("moe_layer_freq", "1"), ConfigIs("rope_interleave", "true")]
[IgnoredConfig("qk_head_dim|head_dim|topk_method|num_nextn_predict_layers|num_mtp_layers|num_key_value_heads", "they follow from others")]
public partial class DeepSeek2;
