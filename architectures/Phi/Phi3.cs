namespace ArchGen.Architectures;

/// <summary>Phi-3 and Phi-4: Llama with fused matrices, long RoPE by two sets of factors, and a window (arXiv:2404.14219).</summary>
[Architecture("phi3", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("Phi3ForCausalLM"), ConfigIs("hidden_act", "silu")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads|hidden_size/num_attention_heads"), Hf(nameof(RopeFreqBase), "rope_theta|10000.0")]
[Writes("attention.sliding_window", "sliding_window|0")]
[ConfigDefaults("vocab_size=32064|hidden_size=3072|intermediate_size=8192|num_hidden_layers=32|num_attention_heads=32|max_position_embeddings=4096"
    + "|original_max_position_embeddings=4096|rms_norm_eps=1e-5|bos_token_id=1|eos_token_id=32000|pad_token_id=32000|rope_theta=10000"
    + "|partial_rotary_factor=1")]
public partial class Phi3 : Decoder
{
    [Tensor("Embd", Hf = "model.norm")] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }

    [HyperParameter("rope.scaling.original_context_length",
        Hf = "original_max_position_embeddings|rope_parameters.original_max_position_embeddings|rope_scaling.original_max_position_embeddings", Default = "0")]
    public partial int OriginalContext { get; }

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "self_attn.qkv_proj", Bias = Bias.Optional)] public partial Linear? AttnQkv { get; }
        [Tensor("Heads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] public partial Linear? AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] public partial Linear? AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", InsteadOf = nameof(AttnQkv), Bias = Bias.Optional)] public partial Linear? AttnV { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm FfnNorm { get; }
        [Tensor("2*Ff, Embd", Hf = "mlp.gate_up_proj")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.down_proj")] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var (q, k, v) = Qkv.Of(AttnNorm.Of(x), AttnQkv, AttnQ, AttnK, AttnV, Heads * HeadDim, KvHeads * HeadDim);
            q = Rope(q.Heads(Heads), Factors(x));
            k = Rope(k.Heads(KvHeads), Factors(x));
            x += AttnOutput.Of(Attention(q, k, v.Heads(KvHeads), 1 / Sqrt(HeadDim)));

            var (gate, up) = FfnUp.Of(FfnNorm.Of(x)).Split(Ff, Ff);
            return x + FfnDown.Of(Silu(gate) * up);
        }

        private Weight? Factors(Tensor x) => x.SequenceLength > OriginalContext ? RopeFactorsLong : RopeFactorsShort;
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
