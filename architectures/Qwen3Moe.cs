namespace ArchGen.Architectures;

/// <summary>Qwen3's mixture of experts: every layer routes each token to a few small experts (arXiv:2505.09388).</summary>
[Architecture("qwen3moe", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon))]
[HuggingFace("Qwen3MoeForCausalLM")]
public partial class Qwen3Moe : Llama
{
    [HyperParameter("expert_feed_forward_length", Hf = "moe_intermediate_size", Default = "Ff/ExpertsUsed")] public partial int ExpertFf { get; }

    public partial class QkNormLayer : Layer
    {
        [Tensor("HeadDim", Hf = "self_attn.q_norm")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "self_attn.k_norm")] public partial RmsNorm AttnKNorm { get; }
        [Tensor("ExpertCount, Embd", Hf = "mlp.gate", Scaled = false)] public partial Linear FfnGateInp { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "mlp.experts.{e}.gate_proj")] public partial Experts FfnGateExps { get; }
        [Tensor("ExpertCount, ExpertFf, Embd", Hf = "mlp.experts.{e}.up_proj")] public partial Experts FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, ExpertFf", Hf = "mlp.experts.{e}.down_proj")] public partial Experts FfnDownExps { get; }

        protected override Tensor Query(Tensor h) => Rope(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
        protected override Tensor Key(Tensor h) => Rope(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));

        protected override Tensor FeedForward(Tensor h)
        {
            var scores = Softmax(FfnGateInp.Of(h));
            var chosen = TopK(scores, ExpertsUsed);
            var weights = Gather(scores, chosen);
            var outputs = FfnDownExps.Of(Silu(FfnGateExps.Of(h, chosen)) * FfnUpExps.Of(h, chosen), chosen);
            return WeightedSum(outputs, weights / Sum(weights));
        }
    }
}
