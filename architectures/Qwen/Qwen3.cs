namespace ArchGen.Architectures;

/// <summary>Qwen3: Llama with a norm on each head's queries and keys (arXiv:2505.09388).</summary>
[Architecture("qwen3", Rope = RopeKind.HalfSplit)]
[HuggingFace("Qwen3ForCausalLM", "Qwen3Model"), ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention")]
[Hf(nameof(SlidingWindow), "0", Unless = "0"), Hf(nameof(SlidingPattern), "1", Unless = "1")]
[IgnoredConfig("sliding_window|max_window_layers", "no layer slides")]
[ConfigDefaults("vocab_size=151936|hidden_size=4096|intermediate_size=22016|num_hidden_layers=32|num_attention_heads=32|num_key_value_heads=32"
    + "|max_position_embeddings=32768|rms_norm_eps=1e-6|head_dim=128|rope_theta=10000")]
public partial class Qwen3 : Llama
{
    protected override Tensor Rank(Tensor row) => Softmax(ClsOutput!.Of(row));

    public partial class QkNormLayer : Layer
    {
        [Tensor("HeadDim", Hf = "self_attn.q_norm")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "self_attn.k_norm")] public partial RmsNorm AttnKNorm { get; }

        protected override Tensor Query(Tensor h) => Position(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
        protected override Tensor Key(Tensor h) => Position(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));
    }
}
