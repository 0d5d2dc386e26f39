namespace ArchGen.Architectures;

/// <summary>Granite 3: Llama with multipliers on embeddings, attention, residual branches and logits (IBM 2024, arXiv:2408.13359).</summary>
[Architecture("granite")]
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

// Checkpoints.
[HuggingFace("GraniteForCausalLM")]
public partial class Granite;
