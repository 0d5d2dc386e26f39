namespace ArchGen.Architectures;

/// <summary>Gemma 3: norms before and after each part, five sliding layers to each full one, each with its own RoPE base (arXiv:2503.19786).</summary>
[Architecture("gemma3"), HuggingFace("Gemma3ForCausalLM", "Gemma3ForConditionalGeneration")]
[ConfigIs("use_bidirectional_attention", "false"), IgnoredConfig("vision_config|mm_tokens_per_image|*_token_index|*_token_id", "for pictures")]
[IgnoredWeights("*vision_tower.*|*multi_modal_projector.*", "for pictures"), Hf(nameof(RopeFreqBase), "rope_theta")]
[ConfigDefaults("vocab_size=262208|hidden_size=2304|intermediate_size=9216|num_hidden_layers=26|num_attention_heads=8|num_key_value_heads=4|head_dim=256"
    + "|max_position_embeddings=131072|rms_norm_eps=1e-6|pad_token_id=0|eos_token_id=1|bos_token_id=2|query_pre_attn_scalar=256|sliding_window=4096"
    + "|rope_theta=1000000|rope_local_base_freq=10000")]
public partial class Gemma3 : PostNormGemma
{
    [HyperParameter("rope.freq_base_swa", Hf = "rope_local_base_freq", Default = "10000")] public partial float SlidingFreqBase { get; }

    public partial class QkNormLayer : PostNormLayer
    {
        [Tensor("HeadDim", Hf = "self_attn.q_norm", From = nameof(OnePlus))] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "self_attn.k_norm", From = nameof(OnePlus))] public partial RmsNorm AttnKNorm { get; }

        protected override Tensor Query(Tensor h) => Position(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
        protected override Tensor Key(Tensor h) => Position(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));

        private Tensor Position(Tensor heads) => Rope(heads, freqBase: IsSliding ? SlidingFreqBase : RopeFreqBase, scaled: !IsSliding);
    }
}
