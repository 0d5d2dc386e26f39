namespace ArchGen.Architectures;

/// <summary>Gemma 3: norms before and after each part, five sliding layers to each full one, each with its own RoPE base (arXiv:2503.19786).</summary>
[Architecture("gemma3", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon))]
[HuggingFace("Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"), ConfigIs("hidden_activation", "gelu_pytorch_tanh")]
[ConfigIs("use_bidirectional_attention", "false")]
[IgnoredTensors("blk.*.ffn_*.scale", "llama.cpp leaves these scales out, and files are made for it")]
public partial class Gemma3 : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "model.norm", From = nameof(OnePlus))] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "sliding_window_pattern|_sliding_window_pattern|period(layer_types, full_attention)", Unless = "6", Default = "6")] public partial int SlidingPattern { get; }
    [HyperParameter("rope.freq_base_swa", Hf = "rope_local_base_freq|rope_parameters.sliding_attention.rope_theta", Default = "10000")] public partial float SlidingFreqBase { get; }
    [HyperParameter("attention.scale", Hf = "1/sqrt(query_pre_attn_scalar)", Unless = "1/sqrt(head_dim)", Default = "0")] public partial float QueryScale { get; }
    [HyperParameter("final_logit_softcapping", Hf = "final_logit_softcapping", Default = "0")] public partial float LogitSoftcap { get; }

    // The author's query_pre_attn_scalar; a file without it is the 27 B model, which scales by the width per head, or scales by the head.
    public float AttentionScale => QueryScale != 0 ? QueryScale : 1 / Sqrt(BlockCount == 62 ? Embd / Heads : HeadDim);

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "input_layernorm", From = nameof(OnePlus))] public partial RmsNorm AttnNorm { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "self_attn.q_proj", Bias = Bias.Optional)] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.k_proj", Bias = Bias.Optional)] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.v_proj", Bias = Bias.Optional)] public partial Linear AttnV { get; }
        [Tensor("HeadDim", Hf = "self_attn.q_norm", From = nameof(OnePlus))] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "self_attn.k_norm", From = nameof(OnePlus))] public partial RmsNorm AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm", From = nameof(OnePlus))] public partial RmsNorm PostAttentionNorm { get; }
        [Tensor("Embd", Hf = "pre_feedforward_layernorm", From = nameof(OnePlus))] public partial RmsNorm FfnNorm { get; }
        [Tensor("Ff, Embd", Hf = "mlp.gate_proj")] public partial Linear FfnGate { get; }
        [Tensor("Ff, Embd", Hf = "mlp.up_proj")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.down_proj")] public partial Linear FfnDown { get; }
        [Tensor("Embd", Hf = "post_feedforward_layernorm", From = nameof(OnePlus))] public partial RmsNorm PostFfwNorm { get; }

        public bool IsSliding => SlidingWindow > 0 && (Index + 1) % SlidingPattern != 0;

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            var q = Position(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
            var k = Position(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));
            var v = AttnV.Of(h).Heads(KvHeads);
            h = AttnOutput.Of(Attention(q, k, v, AttentionScale, window: IsSliding ? SlidingWindow : 0));
            x += PostAttentionNorm.Of(h);

            h = FfnNorm.Of(x);
            return x + PostFfwNorm.Of(FfnDown.Of(GeluTanh(FfnGate.Of(h)) * FfnUp.Of(h)));
        }

        private Tensor Position(Tensor heads) => Rope(heads, freqBase: IsSliding ? SlidingFreqBase : RopeFreqBase, scaled: !IsSliding);
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = TokenEmbd.Of(tokens) * Sqrt(Embd);
        foreach (var layer in Layers) x = layer.Forward(x);
        var logits = Output.Of(OutputNorm.Of(x));
        return LogitSoftcap == 0 ? logits : Tanh(logits * (1 / LogitSoftcap)) * LogitSoftcap;
    }
}
