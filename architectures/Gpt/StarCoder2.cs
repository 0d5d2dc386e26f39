namespace ArchGen.Architectures;

/// <summary>StarCoder2: layer norms and biases throughout, grouped-query attention within a window (arXiv:2402.19173).</summary>
[Architecture("starcoder2", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("Starcoder2ForCausalLM"), ConfigIs("hidden_act", "gelu_pytorch_tanh"), ConfigIs("mlp_type", "default"), ConfigIs("norm_type", "layer_norm")]
[IgnoredConfig("activation_function", "hidden_act counts"), Writes("tokenizer.ggml.pre", "'starcoder'")]
[ConfigDefaults("vocab_size=49152|hidden_size=3072|intermediate_size=12288|num_hidden_layers=30|num_attention_heads=24|num_key_value_heads=2"
    + "|max_position_embeddings=4096|norm_epsilon=1e-5|bos_token_id=50256|eos_token_id=50256|rope_theta=10000")]
public partial class StarCoder2 : Decoder
{
    [Tensor("Embd", Hf = "model.norm", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }

    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Unless = "0", Default = "0")] public partial int SlidingWindow { get; }

    public partial class Layer : DecoderLayer, ILayerNorms
    {
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj", Bias = Bias.Optional)] public partial Linear AttnOutput { get; }
        [Tensor("Ff, Embd", Hf = "mlp.c_fc", Bias = Bias.Optional)] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.c_proj", Bias = Bias.Optional)] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads), Factors(h)), k = Rope(AttnK.Of(h).Heads(KvHeads), Factors(h)), v = AttnV.Of(h).Heads(KvHeads);
            x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), window: SlidingWindow));
            return x + FfnDown.Of(GeluTanh(FfnUp.Of(FfnNorm.Of(x))));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
