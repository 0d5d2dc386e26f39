namespace ArchGen.Architectures;

/// <summary>Quill: attention and feed-forward network side by side, queries and keys normed by head, every second layer sliding, gated branches.</summary>
[Architecture("quill", Rope = RopeKind.HalfSplit)]
[HuggingFace("QuillForCausalLM"), ConfigIs("hidden_act", "gelu_pytorch_tanh"), ConfigIs("layer_norm_bias", "false")]
[ConfigIs("parallel_residual", "true"), ConfigIs("residual_gate", "true")]
[Hf(nameof(RopeDims), "head_dim*partial_rotary_factor"), Hf(nameof(RmsEpsilon), "qk_norm_eps")]
public partial class Quill : DecoderModel
{
    [HyperParameter("embedding_scale", Hf = "embedding_multiplier")] public partial float EmbeddingScale { get; }
    [HyperParameter("attention.sliding_window", Hf = "sliding_window")] public partial int Window { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "layer_types", Values = "full=0|sliding=1")] public partial LayerPattern Slides { get; }
    [HyperParameter("final_logit_softcapping", Hf = "final_logit_softcap")] public partial float LogitSoftcap { get; }

    [Tensor("Vocab, Embd", Hf = "embed")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "norm_f")] public partial LayerNorm OutputNorm { get; }
    [Blocks("blk.{i}", Hf = "blocks.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "norm")] public partial LayerNorm AttnNorm { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "attn.wq")] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "attn.wk")] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "attn.wv")] public partial Linear AttnV { get; }
        [Tensor("HeadDim", Hf = "attn.q_norm")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "attn.k_norm")] public partial RmsNorm AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "attn.wo")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "gate_attn")] public partial Weight AttnGate { get; }
        [Tensor("Ff, Embd", Hf = "ffn.w_gate")] public partial Linear FfnGate { get; }
        [Tensor("Ff, Embd", Hf = "ffn.w_up")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "ffn.w_down")] public partial Linear FfnDown { get; }
        [Tensor("Embd", Hf = "gate_ffn")] public partial Weight FfnBranchGate { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            var q = Rope(AttnQNorm.Of(AttnQ.Of(h).Heads(Heads)));
            var k = Rope(AttnKNorm.Of(AttnK.Of(h).Heads(KvHeads)));
            var v = AttnV.Of(h).Heads(KvHeads);
            var attended = AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), window: Slides[Index] ? Window : 0));
            var fed = FfnDown.Of(GeluTanh(FfnGate.Of(h)) * FfnUp.Of(h));
            return x + attended * AttnGate + fed * FfnBranchGate;
        }
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = Layers.Of(TokenEmbd.Of(tokens) * EmbeddingScale);
        var logits = TokenEmbd.Logits(OutputNorm.Of(x));
        return Tanh(logits * (1 / LogitSoftcap)) * LogitSoftcap;
    }
}
