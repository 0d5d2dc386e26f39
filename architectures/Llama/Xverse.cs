namespace ArchGen.Architectures;

/// <summary>XVERSE: Llama (XVERSE 2023, arXiv:2302.13971).</summary>
[Architecture("xverse", Rope = RopeKind.Interleaved)]
public partial class Xverse : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("XverseForCausalLM"), IgnoredConfig("max_tokenizer_truncation", "the tokenizer's"), IgnoredTensors("rope_*.weight", "published models have none")]
public partial class Xverse;
