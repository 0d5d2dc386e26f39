namespace ArchGen.Architectures;

/// <summary>Phi-3.5-MoE: layer norms, biases throughout, long-context RoPE, and experts weighted by SparseMixer (arXiv:2404.14219, arXiv:2409.12136).</summary>
[Architecture("phimoe", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("PhimoeForCausalLM", "PhiMoEForCausalLM"), ConfigIs("hidden_act", "silu")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|hidden_size/num_attention_heads")]
[Writes("rope.scaling.original_context_length",
    "original_max_position_embeddings|rope_parameters.original_max_position_embeddings|rope_scaling.original_max_position_embeddings")]
[ConfigDefaults("vocab_size=32064|hidden_size=4096|intermediate_size=6400|num_hidden_layers=32|num_attention_heads=32|num_key_value_heads=8"
    + "|max_position_embeddings=131072|rms_norm_eps=1e-5|bos_token_id=1|eos_token_id=2|num_experts_per_tok=2|num_local_experts=16|router_jitter_noise=0.01"
    + "|rope_theta=1000000", For = "PhimoeForCausalLM")]
[ConfigDefaults("vocab_size=32000|hidden_size=4096|intermediate_size=14336|num_hidden_layers=32|num_attention_heads=32|num_key_value_heads=8"
    + "|max_position_embeddings=131072|rms_norm_eps=1e-5|bos_token_id=1|eos_token_id=2|num_experts_per_tok=2|num_local_experts=16|router_jitter_noise=0"
    + "|rope_theta=1000000", For = "PhiMoEForCausalLM")]
public partial class PhiMoe : Decoder
{
    [Tensor("Embd", Hf = "model.norm", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", Bias = Bias.Required)] public partial Linear Output { get; }

    [HyperParameter("attention.sliding_window", Hf = "sliding_window|0", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("router_jitter_noise", Hf = "router_jitter_noise", Unless = "0.01", Default = "0.01")] public partial float JitterNoise { get; }

    public partial class Layer : DecoderLayer
    {
        // Its config calls the epsilon of layer norms rms_norm_eps.
        [Tensor("Embd", Hf = "input_layernorm", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public partial LayerNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm", Bias = Bias.Required, Epsilon = nameof(RmsEpsilon))] public partial LayerNorm FfnNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj", Bias = Bias.Required)] public partial Linear AttnOutput { get; }
        [Tensor("ExpertCount, Embd", Hf = "block_sparse_moe.gate")] public partial Linear FfnGateInp { get; }
        [Tensor("ExpertCount, Ff, Embd", Hf = "block_sparse_moe.experts.{e}.w1")] public partial Experts FfnGateExps { get; }
        [Tensor("ExpertCount, Ff, Embd", Hf = "block_sparse_moe.experts.{e}.w3")] public partial Experts FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, Ff", Hf = "block_sparse_moe.experts.{e}.w2")] public partial Experts FfnDownExps { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = Position(AttnQ.Of(h).Heads(Heads)), k = Position(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), window: SlidingWindow));

            h = FfnNorm.Of(x);
            var logits = FfnGateInp.Of(h);
            var chosen = TopK(logits, ExpertsUsed);
            var gated = Moe.SwiGlu(h, chosen, FfnGateExps, FfnUpExps);
            return x + WeightedSum(FfnDownExps.Of(gated, chosen), SparseMixer(logits, chosen, JitterNoise));
        }

        private Tensor Position(Tensor heads) => Rope(heads, Factors(heads));
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
