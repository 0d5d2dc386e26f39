namespace ArchGen.Architectures;

/// <summary>MiniCPM 3: multi-head latent attention with long RoPE, and multipliers on embeddings, residual branches and logits (arXiv:2404.06395).</summary>
[Architecture("minicpm3", Rope = RopeKind.HalfSplit)]
public partial class MiniCpm3 : Decoder
{
    [HyperParameter("attention.value_length", Hf = "v_head_dim", Unless = "hidden_size/num_attention_heads", Default = "Embd/Heads")]
    public partial int ValueDim { get; }
    [HyperParameter("embedding_scale", Hf = "scale_emb", Unless = "12", Default = "12")] public partial float EmbeddingScale { get; }
    [HyperParameter("residual_scale", Hf = nameof(OwnResidualScale), Default = "0")] public partial float ResidualScale { get; }
    [HyperParameter("logit_scale", Hf = "dim_model_base/hidden_size", Unless = "256/hidden_size", Default = "0")] public partial float LogitScale { get; }

    public bool IsSplit => false;
    public int KeyDim => HeadDim;
    public int NopeDim => KeyDim - RopeDims;
    // Files have no keys for the published model's values.
    public float BranchScale => ResidualScale != 0 ? ResidualScale : 1.4f / Sqrt(BlockCount);
    public float OutputScale => LogitScale != 0 ? LogitScale : 256f / Embd;

    public partial class Layer : PreNormLayer, IMla, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => Mla.Of(this, h, LongRotary, q => q, 1 / Sqrt(KeyDim)) * BranchScale;
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h) * BranchScale;
    }

    protected override Tensor Embed(Tokens tokens) => base.Embed(tokens) * EmbeddingScale;
    protected override Tensor Logits(Tensor x) => base.Logits(x * OutputScale);
}

// Checkpoints.
[HuggingFace("MiniCPM3ForCausalLM"), Hf(nameof(HeadDim), "qk_nope_head_dim + qk_rope_head_dim"), Hf(nameof(RopeDims), "qk_rope_head_dim")]
[Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000"), Hf(nameof(IMla.AttnKvB), "self_attn.kv_b_proj")]
public partial class MiniCpm3
{
    private static double? OwnResidualScale(Config config)
    {
        double? depth = config.Number("scale_depth"), layers = config.Number("num_hidden_layers");
        return depth is null or 1.4 || layers is null ? null : depth / Math.Sqrt(layers.Value);
    }
}
