namespace ArchGen.Architectures;

/// <summary>ERNIE 4.5, dense: Llama (Baidu 2025).</summary>
[Architecture("ernie4_5", Rope = RopeKind.Interleaved)]
public partial class Ernie45 : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("Ernie4_5ForCausalLM", "Ernie4_5_ForCausalLM", Rope = RopeKind.Interleaved)]
[IgnoredTensors("blk.*.attn_output.bias", "no published model has it; llama.cpp does not use it")]
public partial class Ernie45;
