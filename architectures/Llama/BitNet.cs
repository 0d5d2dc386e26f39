namespace ArchGen.Architectures;

/// <summary>
/// BitNet b1.58: Llama with matrices of -1, 0 and 1 times a scale, and a norm before each part's last matrix (arXiv:2402.17764, arXiv:2504.12285).
/// </summary>
[Architecture("bitnet", Rope = RopeKind.HalfSplit)]
public partial class BitNet : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        [Tensor("Heads*HeadDim", Hf = "self_attn.inner_attn_ln")] public partial RmsNorm AttnSubNorm { get; }
        [Tensor("Ff", Hf = "mlp.ffn_layernorm")] public partial RmsNorm FfnSubNorm { get; }

        protected override Tensor Attend(Tensor h)
        {
            Tensor q = Rotary.Of(AttnQ.Of(h).Heads(Heads)), k = Rotary.Of(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            return AttnOutput.Of(AttnSubNorm.Of(Attention(q, k, v, 1 / Sqrt(HeadDim))));
        }

        protected override Tensor FeedForward(Tensor h) => FfnDown.Of(FfnSubNorm.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h)));
    }
}

// Checkpoints. They have the matrices as trained, which the author's model rounds when it runs.
[HuggingFace("BitnetForCausalLM"), HfFrom(nameof(Ternary), nameof(Layer.AttnQ), nameof(Layer.AttnK), nameof(Layer.AttnV), nameof(Layer.AttnOutput))]
[HfFrom(nameof(Ternary), nameof(Layer.FfnGate), nameof(Layer.FfnUp), nameof(Layer.FfnDown))]
public partial class BitNet
{
    private Weights Ternary(Weights weights) => weights.Ternary();
}
