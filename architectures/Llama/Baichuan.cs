namespace ArchGen.Architectures;

/// <summary>Baichuan: Llama; the 7 B model rotates, the 13 B model has ALiBi instead (arXiv:2309.10305).</summary>
[Architecture("baichuan", Rope = RopeKind.Interleaved)]
public partial class Baichuan : Decoder
{
    // No key of the file distinguishes the two, only their number of layers.
    public bool IsRotary => BlockCount == 32;
    public float AlibiBias => BlockCount == 40 ? 8 : 0;

    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => IsRotary
            ? SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim)) : SelfAttention.Alibi(this, h, 1 / Sqrt(HeadDim), AlibiBias);
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("BaichuanForCausalLM", "BaiChuanForCausalLM"), Hf(nameof(ContextLength), "max_position_embeddings|model_max_length")]
[Hf(nameof(ContextLength), "max_position_embeddings", For = "BaiChuanForCausalLM")]
[HfFused("self_attn.W_pack", nameof(IAttention.AttnQ), nameof(IAttention.AttnK), nameof(IAttention.AttnV))]
public partial class Baichuan;
