namespace ArchGen.Architectures;

/// <summary>Gemma: a wide feed-forward network gated by GELU, embeddings scaled by the root of their width (arXiv:2403.08295).</summary>
[Architecture("gemma", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("GemmaForCausalLM"), ConfigIs("hidden_activation", "gelu_pytorch_tanh"), ConfigIs("hidden_act", "gelu|gelu_pytorch_tanh")]
[Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000"), Writes("tokenizer.ggml.eot_token_id", "107")]
[ConfigDefaults("vocab_size=256000|hidden_size=3072|intermediate_size=24576|num_hidden_layers=28|num_attention_heads=16|num_key_value_heads=16"
    + "|head_dim=256|max_position_embeddings=8192|rms_norm_eps=1e-6|pad_token_id=0|eos_token_id=1|bos_token_id=2|rope_theta=10000")]
public partial class Gemma : Decoder
{
    [Tensor("Embd", Hf = "model.norm", From = nameof(OnePlus))] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }

    public partial class Layer : GatedLayer
    {
        [Tensor("Embd", Hf = "input_layernorm", From = nameof(OnePlus))] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm", From = nameof(OnePlus))] public partial RmsNorm FfnNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            x += Attend(AttnNorm.Of(x));
            return x + FeedForward(FfnNorm.Of(x));
        }

        protected Tensor Attend(Tensor h) => AttnOutput.Of(Mix(Query(h), Key(h), AttnV.Of(h).Heads(KvHeads)));
        protected Tensor FeedForward(Tensor h) => FfnDown.Of(GeluTanh(FfnGate.Of(h)) * FfnUp.Of(h));

        protected virtual Tensor Query(Tensor h) => Rope(AttnQ.Of(h).Heads(Heads), Factors(h));
        protected virtual Tensor Key(Tensor h) => Rope(AttnK.Of(h).Heads(KvHeads), Factors(h));
        protected virtual Tensor Mix(Tensor q, Tensor k, Tensor v) => Attention(q, k, v, 1 / Sqrt(HeadDim));
    }

    public override Tensor Forward(Tokens tokens) => Logits(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens) * Sqrt(Embd))));

    protected virtual Tensor Logits(Tensor x) => Output.Of(x);
}
