namespace ArchGen.Architectures;

/// <summary>StarCoder2: layer norms and biases throughout, grouped-query attention within a window (arXiv:2402.19173).</summary>
[Architecture("starcoder2", Rope = RopeKind.HalfSplit)]
public partial class StarCoder2 : LayerNormDecoder
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Unless = "0", Default = "0")] public partial int SlidingWindow { get; }

    public partial class Layer : LayerNormLayer, IAttention, IPlainFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim), SlidingWindow);
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, GeluTanh);
    }
}

// Checkpoints.
[HuggingFace("Starcoder2ForCausalLM"), Hf(nameof(Layer.FfnUp), "mlp.c_fc"), Hf(nameof(Layer.FfnDown), "mlp.c_proj")]
[ConfigIs("mlp_type", "default"), ConfigIs("norm_type", "layer_norm"), IgnoredConfig("activation_function", "hidden_act counts")]
public partial class StarCoder2;
