namespace ArchGen.Architectures;

/// <summary>Gemma 2: Gemma with norms after each part too, every second layer sliding, scores and logits capped (arXiv:2408.00118).</summary>
[Architecture("gemma2"), Default(nameof(SlidingWindow), "4096"), Default(nameof(SlidingPattern), "2"), Default(nameof(LogitSoftcap), "30")]
public partial class Gemma2 : PostNormGemma
{
    [HyperParameter("attn_logit_softcapping", Hf = "attn_logit_softcapping|0", Default = "50")] public partial float ScoreSoftcap { get; }

    public partial class SlidingLayer : GemmaLayer, IAttention
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, AttentionScale, Window, ScoreSoftcap);
    }
}

// Checkpoints.
[HuggingFace("Gemma2ForCausalLM"), Hf(nameof(LogitSoftcap), "final_logit_softcapping|0"), Hf(nameof(SlidingWindow), "sliding_window|0")]
[ConfigIs("use_bidirectional_attention", "false"), IgnoredConfig("sliding_window_size", "sliding_window says it")]
public partial class Gemma2;
