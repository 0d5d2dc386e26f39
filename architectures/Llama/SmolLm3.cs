namespace ArchGen.Architectures;

/// <summary>SmolLM3: Llama without rotations in every fourth layer (Hugging Face 2025, arXiv:2501.18795).</summary>
[Architecture("smollm3", Rope = RopeKind.Interleaved)]
public partial class SmolLm3 : Decoder
{
    [HyperParameter("no_rope_layer_interval", Hf = "no_rope_layers|no_rope_layer_interval", Unless = "4", Default = "4")]
    public partial LayerPattern RotaryPattern { get; }

    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, RotaryPattern[Index] ? LongRotary : RotaryEmbedding.None, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("SmolLM3ForCausalLM")]
[ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention"), IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
public partial class SmolLm3;
