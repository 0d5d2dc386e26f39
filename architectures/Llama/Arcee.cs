namespace ArchGen.Architectures;

/// <summary>AFM: Llama whose feed-forward network has no gate and a squared ReLU (Arcee 2025, arXiv:2109.08668).</summary>
[Architecture("arcee", Rope = RopeKind.Interleaved)]
public partial class Arcee : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IPlainFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, ReluSquared);
    }
}

// Checkpoints.
[HuggingFace("ArceeForCausalLM")]
public partial class Arcee;
