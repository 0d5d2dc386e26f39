namespace ArchGen.Architectures;

/// <summary>Gemma 2: Gemma with norms after each part too, every second layer sliding, scores and logits capped (arXiv:2408.00118).</summary>
[Architecture("gemma2", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon))]
[HuggingFace("Gemma2ForCausalLM"), ConfigIs("use_bidirectional_attention", "false")]
public partial class Gemma2 : PostNormGemma
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Default = "4096")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "period(layer_types, full_attention)", Unless = "2", Default = "2")] public partial int SlidingPattern { get; }
    [HyperParameter("attn_logit_softcapping", Hf = "attn_logit_softcapping", Default = "50")] public partial float ScoreSoftcap { get; }
    [HyperParameter("final_logit_softcapping", Hf = "final_logit_softcapping", Default = "30")] public partial float LogitSoftcap { get; }
    [HyperParameter("attention.scale", Hf = "1/sqrt(query_pre_attn_scalar)", Unless = "1/sqrt(head_dim)", Default = "0")] public partial float QueryScale { get; }

    // The author's query_pre_attn_scalar; a file without it is the 27 B model, which scales by the width per head, or scales by the head.
    public float AttentionScale => QueryScale != 0 ? QueryScale : 1 / Sqrt(BlockCount == 46 ? Embd / Heads : HeadDim);

    public partial class SlidingLayer : PostNormLayer
    {
        public bool IsSliding => SlidingWindow > 0 && (Index + 1) % SlidingPattern != 0;

        protected override Tensor Mix(Tensor q, Tensor k, Tensor v) =>
            Attention(q, k, v, AttentionScale, window: IsSliding ? SlidingWindow : 0, softcap: ScoreSoftcap);
    }

    protected override Tensor Logits(Tensor x) => Softcap.Of(Output.Of(x), LogitSoftcap);
}
