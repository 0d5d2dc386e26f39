namespace ArchGen.Architectures;

/// <summary>OLMo 2: Llama with norms after each part instead of before, and on the whole of queries and keys (arXiv:2501.00656).</summary>
[Architecture("olmo2", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.attn_q|blk.*.attn_k|blk.*.attn_v|blk.*.ffn_*")]
[HuggingFace("Olmo2ForCausalLM"), Default(nameof(SlidingPattern), "4")]
[IgnoredTensors("blk.*.attn_q.bias|blk.*.attn_k.bias|blk.*.attn_v.bias", "no published model has them; llama.cpp leaves them out")]
[ConfigDefaults("vocab_size=50304|hidden_size=4096|intermediate_size=11008|num_hidden_layers=32|num_attention_heads=32|max_position_embeddings=2048"
    + "|pad_token_id=1|eos_token_id=50279|rms_norm_eps=1e-5|rope_theta=10000")]
public partial class Olmo2 : Llama
{
    public partial class PostNormLayer : Layer, IPostNorm
    {
        [Tensor("Heads*HeadDim", Hf = "self_attn.q_norm")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("KvHeads*HeadDim", Hf = "self_attn.k_norm")] public partial RmsNorm AttnKNorm { get; }

        public override bool IsSliding => SlidingWindow > 0 && SlidingPattern[Index];

        protected override Tensor AttentionBranch(Tensor x) => PostAttentionNorm.Of(SelfAttention(x));
        protected override Tensor FeedForwardBranch(Tensor x) => PostFfwNorm.Of(FeedForward(x));
        protected override Tensor Query(Tensor h) => Rope(AttnQNorm.Of(AttnQ.Of(h)).Heads(Heads), Factors(h), scaled: !IsSliding);
        protected override Tensor Key(Tensor h) => Rope(AttnKNorm.Of(AttnK.Of(h)).Heads(KvHeads), Factors(h), scaled: !IsSliding);
    }
}
