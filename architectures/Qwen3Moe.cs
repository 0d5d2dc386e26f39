namespace ArchGen.Architectures;

/// <summary>Qwen3's mixture of experts: each layer sends a token to a few small experts (arXiv:2505.09388).</summary>
[Architecture("qwen3moe", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon))]
[HuggingFace("Qwen3MoeForCausalLM")]
public partial class Qwen3Moe : Llama
{
    public partial class QkNormLayer : MixtureLayer
    {
        [Tensor("HeadDim", Hf = "self_attn.q_norm")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "self_attn.k_norm")] public partial RmsNorm AttnKNorm { get; }

        protected override Tensor Query(Tensor h) => Rope(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
        protected override Tensor Key(Tensor h) => Rope(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));
    }
}
