namespace ArchGen.Architectures;

/// <summary>Jais 2: rotated heads, layer norms and biases throughout, squared ReLU (MBZUAI and Inception 2025, arXiv:2109.08668).</summary>
[Architecture("jais2", Rope = RopeKind.HalfSplit)]
public partial class Jais2 : LayerNormDecoder
{
    public partial class Layer : LayerNormLayer, IAttention, IPlainFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, ReluSquared);
    }
}

// Checkpoints.
[HuggingFace("Jais2ForCausalLM")]
public partial class Jais2;
