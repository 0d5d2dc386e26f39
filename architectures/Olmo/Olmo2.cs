namespace ArchGen.Architectures;

/// <summary>OLMo 2: Llama with norms after each part instead of before, and on the whole of queries and keys (arXiv:2501.00656).</summary>
[Architecture("olmo2", Rope = RopeKind.HalfSplit)]
public partial class Olmo2 : Decoder
{
    // OLMo 3: layers in a window, whose rotations are not scaled.
    [HyperParameter("attention.sliding_window_pattern", Hf = "layer_types", Values = "sliding_attention=1|full_attention=0", AsList = true, Default = "4")]
    public partial LayerPattern SlidingPattern { get; }

    public partial class Layer : PostNormLayer, IWholeQkNorm, IWindow, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary with { IsScaled = !IsSliding }, 1 / Sqrt(HeadDim), Window);
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("Olmo2ForCausalLM", "Olmo3ForCausalLM")]
public partial class Olmo2;
