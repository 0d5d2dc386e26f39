namespace ArchGen.Architectures;

/// <summary>What Gemma 2 and Gemma 3 share: norms after each part too, layers that slide, logits that may be capped.</summary>
[Architecture("gemma-post-norm")]
public abstract partial class PostNormGemma : Gemma
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "sliding_window_pattern|_sliding_window_pattern|layer_types",
        Values = "sliding_attention=1|full_attention=0", Unless = "6", Default = "6")]
    public partial LayerPattern SlidingPattern { get; }
    [HyperParameter("final_logit_softcapping", Hf = "final_logit_softcapping", Default = "0")] public partial float LogitSoftcap { get; }
    [HyperParameter("attention.scale", Hf = nameof(ScaleOfQueries), Unless = "0", Default = "0")] public partial float QueryScale { get; }

    // The models of 27 B, which have 46 and 62 layers, scale by the width per head.
    public bool ScalesByWidth => BlockCount == 46 || BlockCount == 62;

    // The author's query_pre_attn_scalar; for a file without it the number of layers decides.
    public float AttentionScale => QueryScale != 0 ? QueryScale : 1 / Sqrt(ScalesByWidth ? Embd / Heads : HeadDim);

    public abstract partial class GemmaLayer : SandwichLayer, IWindow, IGatedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => GeGlu.Of(this, h);
    }

    protected override Tensor Logits(Tensor x) => Softcap.Of(base.Logits(x), LogitSoftcap);
}

// Checkpoints.
[HfFrom(nameof(OnePlus), nameof(IPostNorm.PostAttentionNorm), nameof(IPostNorm.PostFfwNorm))]
public partial class PostNormGemma
{
    // Files that llama.cpp's converter wrote have no scale; it is needed where it is not that of the head.
    private static double? ScaleOfQueries(Config config)
    {
        double? scalar = config.Number("query_pre_attn_scalar"), head = config.Number("head_dim");
        return scalar is null || scalar == head ? null : 1 / Math.Sqrt(scalar.Value);
    }
}
