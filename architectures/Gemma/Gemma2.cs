namespace ArchGen.Architectures;

/// <summary>Gemma 2: Gemma with norms after each part too, every second layer sliding, scores and logits capped (arXiv:2408.00118).</summary>
[Architecture("gemma2")]
[HuggingFace("Gemma2ForCausalLM"), ConfigIs("use_bidirectional_attention", "false"), IgnoredConfig("sliding_window_size", "sliding_window says it")]
[Hf(nameof(LogitSoftcap), "final_logit_softcapping|0"), Hf(nameof(SlidingWindow), "sliding_window|0")]
[Default(nameof(SlidingWindow), "4096"), Default(nameof(SlidingPattern), "2"), Default(nameof(LogitSoftcap), "30")]
[ConfigDefaults("vocab_size=256000|hidden_size=2304|intermediate_size=9216|num_hidden_layers=26|num_attention_heads=8|num_key_value_heads=4|head_dim=256"
    + "|max_position_embeddings=8192|rms_norm_eps=1e-6|pad_token_id=0|eos_token_id=1|bos_token_id=2|query_pre_attn_scalar=256|sliding_window=4096"
    + "|final_logit_softcapping=30|attn_logit_softcapping=50|rope_theta=10000")]
public partial class Gemma2 : PostNormGemma
{
    [HyperParameter("attn_logit_softcapping", Hf = "attn_logit_softcapping|0", Default = "50")] public partial float ScoreSoftcap { get; }

    public partial class SlidingLayer : PostNormLayer
    {
        protected override Tensor Mix(Tensor q, Tensor k, Tensor v) => Attention(q, k, v, AttentionScale, window: Window, softcap: ScoreSoftcap);
    }
}
