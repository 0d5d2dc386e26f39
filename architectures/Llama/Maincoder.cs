namespace ArchGen.Architectures;

/// <summary>Maincoder: Llama with a norm on each head after its rotation (Maincode 2025).</summary>
[Architecture("maincoder", Rope = RopeKind.Interleaved)]
public partial class Maincoder : Decoder
{
    public partial class Layer : PreNormLayer, IQkNorm, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.NormedLast(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("MaincoderForCausalLM", Rope = RopeKind.Interleaved)]
public partial class Maincoder;
