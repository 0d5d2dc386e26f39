namespace ArchGen.Architectures;

/// <summary>Qwen, the first: Llama with one biased matrix for queries, keys and values (arXiv:2309.16609).</summary>
[Architecture("qwen", Rope = RopeKind.HalfSplit), Names(typeof(Gpt2Names))]
public partial class Qwen : Decoder
{
    // Config and files have the width of gate and up together.
    public int Width => Ff / 2;

    public partial class Layer : PreNormLayer, ISlicedAttention
    {
        [Tensor("3*Heads*HeadDim, Embd", Bias = Bias.Required)] public partial Linear AttnQkv { get; }
        [Tensor("Width, Embd", Hf = "mlp.w2")] public partial Linear FfnGate { get; }
        [Tensor("Width, Embd", Hf = "mlp.w1")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Width")] public partial Linear FfnDown { get; }

        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
    }
}

// Checkpoints.
[HuggingFace("QWenLMHeadModel"), Hf(nameof(HeadDim), "kv_channels"), Hf(nameof(Ff), "intermediate_size|ffn_hidden_size")]
[Hf(nameof(RmsEpsilon), "layer_norm_epsilon"), ConfigIs("rotary_pct", "1.0"), ConfigIs("activation", "swiglu"), ConfigIs("pos_emb", "rotary")]
[IgnoredConfig("seq_length|use_logn_attn|use_dynamic_ntk", "they matter beyond the trained length only")]
[IgnoredConfig("padded_vocab_size|params_dtype|onnx_safe|bias_dropout_fusion|tokenizer_type|*_dropout_prob|*_pdrop|fp32|bf16|fp16|ffn_inter*", "of training")]
public partial class Qwen;
