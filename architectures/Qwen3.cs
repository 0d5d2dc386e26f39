namespace ArchGen.Architectures;

/// <summary>Qwen3: Llama with a norm on each head's queries and keys (arXiv:2505.09388).</summary>
[Architecture("qwen3", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon))]
[HuggingFace("Qwen3ForCausalLM", "Qwen3Model")]
[IgnoredTensors("cls.*", "the classifier of a reranker; it takes no part in the logits")]
public partial class Qwen3 : Llama
{
    public partial class QkNormLayer : Layer
    {
        [Tensor("HeadDim", Hf = "self_attn.q_norm")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "self_attn.k_norm")] public partial RmsNorm AttnKNorm { get; }

        protected override Tensor Query(Tensor h) => Rope(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
        protected override Tensor Key(Tensor h) => Rope(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));
    }
}
