namespace ArchGen.Architectures;

/// <summary>Jais 2: rotated heads, layer norms and biases throughout, squared ReLU (MBZUAI and Inception 2025, arXiv:2109.08668).</summary>
[Architecture("jais2", Rope = RopeKind.HalfSplit)]
public partial class Jais2 : LayerNormDecoder
{
    public partial class Layer : Block, ILayerNorms, IAttention, IPlainFeedForward
    {
        public Tensor Forward(Tensor x)
        {
            x += SelfAttention.Of(this, AttnNorm.Of(x), q => Rope(q), 1 / Sqrt(HeadDim));
            return x + Ffn.Of(this, FfnNorm.Of(x), ReluSquared);
        }
    }
}

// Checkpoints.
[HuggingFace("Jais2ForCausalLM")]
public partial class Jais2;
