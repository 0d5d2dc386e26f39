namespace ArchGen.Architectures;

/// <summary>Granite 3: Llama with multipliers on embeddings, attention, residual branches and logits (IBM 2024, arXiv:2408.13359).</summary>
[Architecture("granite", IgnoredScales = "blk.*.ffn_*"), HuggingFace("GraniteForCausalLM")]
[Writes("tokenizer.ggml.pre", "'refact'"), Writes("vocab_size", "vocab_size"), Writes("rope.dimension_count", "head_dim|hidden_size/num_attention_heads")]
[ConfigDefaults("vocab_size=32000|hidden_size=4096|intermediate_size=11008|num_hidden_layers=32|num_attention_heads=32|max_position_embeddings=2048"
    + "|rms_norm_eps=1e-6|bos_token_id=1|eos_token_id=2|embedding_multiplier=1|logits_scaling=1|residual_multiplier=1|attention_multiplier=1"
    + "|rope_theta=10000")]
public partial class Granite : Llama
{
    [HyperParameter("embedding_scale", Hf = "embedding_multiplier", Default = "1")] public partial float EmbeddingScale { get; }
    [HyperParameter("residual_scale", Hf = "residual_multiplier", Default = "1")] public partial float ResidualScale { get; }
    [HyperParameter("logit_scale", Hf = "logits_scaling", Default = "1")] public partial float LogitScale { get; }

    public partial class ScaledLayer : Layer
    {
        protected override Tensor AttentionBranch(Tensor x) => base.AttentionBranch(x) * ResidualScale;
        protected override Tensor FeedForwardBranch(Tensor x) => FeedForward(FfnNorm.Of(x)) * ResidualScale;
    }

    protected override Tensor Embed(Tokens tokens) => base.Embed(tokens) * EmbeddingScale;
    protected override Tensor Logits(Tensor x) => base.Logits(x) * (1 / LogitScale);
}
