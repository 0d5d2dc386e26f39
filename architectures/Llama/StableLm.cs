namespace ArchGen.Architectures;

/// <summary>StableLM 2 and StableLM Zephyr: layer norms, a part of each head rotated; the 12 B model has one norm for both parts (arXiv:2402.17834).</summary>
[Architecture("stablelm", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("StableLmForCausalLM", "StableLMEpochForCausalLM"), ConfigIs("hidden_act", "silu"), Writes("tokenizer.ggml.pre", "'stablelm2'")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|rope_pct*hidden_size/num_attention_heads")]
[Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000")]
[IgnoredConfig("qk_layernorm", "the tensors tell")]
[ConfigDefaults("vocab_size=50304|intermediate_size=6912|hidden_size=2560|num_hidden_layers=32|num_attention_heads=32|num_key_value_heads=32"
    + "|max_position_embeddings=4096|layer_norm_eps=1e-5|use_parallel_residual=false|bos_token_id=0|eos_token_id=0|rope_theta=10000"
    + "|partial_rotary_factor=0.25", For = "StableLmForCausalLM")]
[ConfigDefaults("vocab_size=50304|hidden_size=2560|intermediate_size=6912|num_hidden_layers=32|num_attention_heads=32|num_key_value_heads=32"
    + "|max_position_embeddings=4096|norm_eps=0.00001|rope_theta=10000|rope_pct=0.25", For = "StableLMEpochForCausalLM")]
public partial class StableLm : Decoder
{
    [Tensor("Embd", Hf = "model.norm", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head")] public partial Linear Output { get; }

    [HyperParameter("use_parallel_residual", Hf = "use_parallel_residual", Default = "false")] public partial bool IsParallel { get; }

    public bool IsSequential => !IsParallel;

    public partial class Layer : GatedLayer
    {
        [Tensor("Embd", Hf = "input_layernorm", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("Heads, HeadDim", Hf = "self_attn.q_layernorm.norms.{e}")] public partial LayerNorm? AttnQNorm { get; }
        [Tensor("KvHeads, HeadDim", Hf = "self_attn.k_layernorm.norms.{e}")] public partial LayerNorm? AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm", RequiredIf = nameof(IsSequential), Bias = Bias.Required)] public partial LayerNorm? FfnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = AttnQ.Of(h).Heads(Heads), k = AttnK.Of(h).Heads(KvHeads), v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutput.Of(Attention(Rope(AttnQNorm?.Of(q) ?? q), Rope(AttnKNorm?.Of(k) ?? k), v, 1 / Sqrt(HeadDim)));
            if (FfnNorm is not null) h = FfnNorm.Of(x);
            return x + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
