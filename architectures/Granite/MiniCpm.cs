namespace ArchGen.Architectures;

/// <summary>MiniCPM: Llama with multipliers on embeddings, residual branches and logits, dense or a mixture of experts (arXiv:2404.06395).</summary>
[Architecture("minicpm", Rope = RopeKind.Interleaved)]
public partial class MiniCpm : Decoder
{
    [HyperParameter("embedding_scale", Hf = "scale_emb", Default = "12")] public partial float EmbeddingScale { get; }
    [HyperParameter("residual_scale", Hf = nameof(ScaleByDepth), Default = "0")] public partial float ResidualScale { get; }
    [HyperParameter("logit_scale", Hf = "hidden_size/dim_model_base", Default = "0")] public partial float LogitScale { get; }

    // The first files, of the 2 B model, have none of the three keys.
    public float BranchScale => ResidualScale != 0 ? ResidualScale : 1.4f / Sqrt(BlockCount);
    public float Divisor => LogitScale != 0 ? LogitScale : 256f / Embd;
    public bool IsMixture => ExpertCount > 0;

    public abstract partial class Layer : JoinedLayer, IAttention
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd")] public partial RmsNorm FfnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += Attend(AttnNorm.Of(x)) * BranchScale;
            return x + FeedForward(FfnNorm.Of(x)) * BranchScale;
        }

        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
    }

    public partial class DenseLayer : Layer, IBiasedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    [When(nameof(IsMixture))]
    public partial class MixtureLayer : Layer, IMixture
    {
        protected override Tensor FeedForward(Tensor h) => Mixture.Of(this, h);
    }

    protected override Tensor Embed(Tokens tokens) => base.Embed(tokens) * EmbeddingScale;
    protected override Tensor Logits(Tensor x) => base.Logits(x) * (1 / Divisor);
}

// Checkpoints.
[HuggingFace("MiniCPMForCausalLM"), Default(nameof(IExpertSizes.ExpertCount), "0"), Default(nameof(IExpertSizes.ExpertsUsed), "0")]
public partial class MiniCpm
{
    private static double? ScaleByDepth(Config config) =>
        config.Number("scale_depth") is { } scale && config.Int32("num_hidden_layers") is { } layers ? scale / Math.Sqrt(layers) : null;
}
