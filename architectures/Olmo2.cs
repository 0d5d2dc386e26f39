namespace ArchGen.Architectures;

/// <summary>OLMo 2: Llama with norms after each part instead of before, and on the whole of queries and keys (arXiv:2501.00656).</summary>
[Architecture("olmo2", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon), IgnoredScales = "blk.*.attn_q|blk.*.attn_k|blk.*.attn_v|blk.*.ffn_*")]
[HuggingFace("Olmo2ForCausalLM")]
// There is no norm before the feed-forward network; the name that Llama has for it is free for the one after attention.
[Hf(nameof(Layer.FfnNorm), "pre_feedforward_layernorm")]
[IgnoredTensors("blk.*.attn_q.bias|blk.*.attn_k.bias|blk.*.attn_v.bias", "no published model has them; llama.cpp leaves them out")]
public partial class Olmo2 : Llama
{
    [HyperParameter("attention.sliding_window", Default = "0")] public partial int Window { get; }
    [HyperParameter("attention.sliding_window_pattern", Default = "4")] public partial int FullEvery { get; }

    public partial class PostNormLayer : Layer
    {
        [Tensor("Heads*HeadDim", Hf = "self_attn.q_norm")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("KvHeads*HeadDim", Hf = "self_attn.k_norm")] public partial RmsNorm AttnKNorm { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm PostAttentionNorm { get; }
        [Tensor("Embd", Hf = "post_feedforward_layernorm")] public partial RmsNorm PostFfwNorm { get; }

        public bool IsSliding => Window > 0 && (Index + 1) % FullEvery != 0;

        public override Tensor Forward(Tensor x)
        {
            x += PostAttentionNorm.Of(AttnOutput.Of(Attend(Query(x), Key(x), AttnV.Of(x).Heads(KvHeads))));
            return x + PostFfwNorm.Of(FeedForward(x));
        }

        protected override Tensor Query(Tensor h) => Rope(AttnQNorm.Of(AttnQ.Of(h)).Heads(Heads), scaled: !IsSliding);
        protected override Tensor Key(Tensor h) => Rope(AttnKNorm.Of(AttnK.Of(h)).Heads(KvHeads), scaled: !IsSliding);
        protected override Tensor Attend(Tensor q, Tensor k, Tensor v) => Attention(q, k, v, 1 / Sqrt(HeadDim), window: IsSliding ? Window : 0);
    }
}
