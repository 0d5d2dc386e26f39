namespace ArchGen.Architectures;

/// <summary>openPangu-Embedded: Llama with biases in attention (arXiv:2505.22375).</summary>
[Architecture("pangu-embedded", Rope = RopeKind.HalfSplit)]
public partial class PanguEmbedded : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("PanguEmbeddedForCausalLM"), Hf(nameof(HeadDim), "head_dim|hidden_size/num_attention_heads")]
[IgnoredTensors("rope_*.weight", "llama.cpp does not use them")]
public partial class PanguEmbedded;
