namespace ArchGen.Architectures;

/// <summary>EXAONE 3 and 3.5: Llama (arXiv:2408.03541, arXiv:2412.04862).</summary>
[Architecture("exaone", Rope = RopeKind.HalfSplit), Names(typeof(Gpt2Names))]
public partial class Exaone : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("ExaoneForCausalLM")]
[Hf(nameof(Layer.AttnQ), "attn.attention.q_proj"), Hf(nameof(Layer.AttnK), "attn.attention.k_proj"), Hf(nameof(Layer.AttnV), "attn.attention.v_proj")]
[Hf(nameof(Layer.AttnOutput), "attn.attention.out_proj"), Hf(nameof(Layer.FfnGate), "mlp.c_fc_0"), Hf(nameof(Layer.FfnUp), "mlp.c_fc_1")]
public partial class Exaone;
