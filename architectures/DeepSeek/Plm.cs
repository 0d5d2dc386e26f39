namespace ArchGen.Architectures;

/// <summary>PLM: multi-head latent attention with full queries, and a feed-forward network without a gate, with squared ReLU (arXiv:2503.12167).</summary>
[Architecture("plm", Rope = RopeKind.Interleaved)]
public partial class Plm : Decoder
{
    [HyperParameter("attention.value_length", Hf = "v_head_dim", Default = "HeadDim")] public partial int ValueDim { get; }

    public bool IsSplit => false;
    public int KeyDim => HeadDim;
    public int NopeDim => KeyDim - RopeDims;

    public partial class Layer : PreNormLayer, IMla, IPlainFeedForward
    {
        protected override Tensor Attend(Tensor h) => Mla.Of(this, h, Rotary, q => q, 1 / Sqrt(KeyDim));
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, ReluSquared);
    }
}

// Checkpoints.
[HuggingFace("PLMForCausalLM"), Hf(nameof(HeadDim), "qk_nope_head_dim + qk_rope_head_dim"), Hf(nameof(RopeDims), "qk_rope_head_dim")]
[Hf(nameof(IMla.AttnKvB), "self_attn.kv_b_proj")]
public partial class Plm;
