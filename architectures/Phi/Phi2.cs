namespace ArchGen.Architectures;

/// <summary>Phi-1, Phi-1.5 and Phi-2: attention and feed-forward network side by side on one norm, a part of each head rotated (arXiv:2309.05463).</summary>
[Architecture("phi2", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("PhiForCausalLM"), ConfigIs("hidden_act|activation_function", "gelu_new"), ConfigIs("qk_layernorm", "false")]
[Writes("tokenizer.ggml.pre", "'phi-2'")]
[Hf(nameof(RopeDims), "rotary_dim|partial_rotary_factor*hidden_size/num_attention_heads"), Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000")]
[Hf(nameof(Ff), "intermediate_size|n_inner|4*n_embd"), Hf(nameof(KvHeads), "num_key_value_heads|n_head_kv|num_attention_heads|n_head")]
[Writes("tokenizer.ggml.add_bos_token", "false")]
[ConfigDefaults("vocab_size=51200|hidden_size=2048|intermediate_size=8192|num_hidden_layers=24|num_attention_heads=32|max_position_embeddings=2048"
    + "|layer_norm_eps=1e-5|bos_token_id=1|eos_token_id=2|rope_theta=10000|partial_rotary_factor=0.5")]
public partial class Phi2 : Decoder
{
    [Tensor("Embd", Hf = "model.final_layernorm", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", Bias = Bias.Required)] public partial Linear Output { get; }

    public partial class Layer : DecoderLayer
    {
        [Tensor("Embd", Hf = "input_layernorm", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.dense", Bias = Bias.Required)] public partial Linear AttnOutput { get; }
        [Tensor("Ff, Embd", Hf = "mlp.fc1", Bias = Bias.Required)] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.fc2", Bias = Bias.Required)] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads)), k = Rope(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            return x + AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim))) + FfnDown.Of(GeluTanh(FfnUp.Of(h)));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
