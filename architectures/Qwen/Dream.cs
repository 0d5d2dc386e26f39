namespace ArchGen.Architectures;

/// <summary>Dream: Qwen2 that attends both ways and fills in masked tokens (arXiv:2508.15487).</summary>
[Architecture("dream", Rope = RopeKind.HalfSplit), Default(nameof(IsCausal), "false")]
public partial class Dream : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[Hf(nameof(IsCausal), "false"), HuggingFace("DreamModel"), IgnoredConfig("max_window_layers|mask_token_id", "no layer slides; the tokenizer has the mask")]
public partial class Dream;
