namespace ArchGen.Architectures;

/// <summary>Gemma 3: norms before and after each part, five sliding layers to each full one, each with its own RoPE base (arXiv:2503.19786).</summary>
[Architecture("gemma3", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon))]
[HuggingFace("Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"), ConfigIs("use_bidirectional_attention", "false")]
[Hf(nameof(RopeFreqBase), "rope_theta")]
public partial class Gemma3 : PostNormGemma
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "sliding_window_pattern|_sliding_window_pattern|period(layer_types, full_attention)", Unless = "6", Default = "6")] public partial int SlidingPattern { get; }
    [HyperParameter("rope.freq_base_swa", Hf = "rope_local_base_freq|rope_parameters.sliding_attention.rope_theta", Default = "10000")] public partial float SlidingFreqBase { get; }
    [HyperParameter("final_logit_softcapping", Hf = "final_logit_softcapping", Default = "0")] public partial float LogitSoftcap { get; }
    [HyperParameter("attention.scale", Hf = "1/sqrt(query_pre_attn_scalar)", Unless = "1/sqrt(head_dim)", Default = "0")] public partial float QueryScale { get; }

    // The author's query_pre_attn_scalar; a file without it is the 27 B model, which scales by the width per head, or scales by the head.
    public float AttentionScale => QueryScale != 0 ? QueryScale : 1 / Sqrt(BlockCount == 62 ? Embd / Heads : HeadDim);

    public partial class QkNormLayer : PostNormLayer
    {
        [Tensor("HeadDim", Hf = "self_attn.q_norm", From = nameof(OnePlus))] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "self_attn.k_norm", From = nameof(OnePlus))] public partial RmsNorm AttnKNorm { get; }

        public bool IsSliding => SlidingWindow > 0 && (Index + 1) % SlidingPattern != 0;

        protected override Tensor Query(Tensor h) => Position(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
        protected override Tensor Key(Tensor h) => Position(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));
        protected override Tensor Mix(Tensor q, Tensor k, Tensor v) => Attention(q, k, v, AttentionScale, window: IsSliding ? SlidingWindow : 0);

        private Tensor Position(Tensor heads) => Rope(heads, freqBase: IsSliding ? SlidingFreqBase : RopeFreqBase, scaled: !IsSliding);
    }

    protected override Tensor Logits(Tensor x) => Softcap.Of(Output.Of(x), LogitSoftcap);
}
