namespace ArchGen.Architectures;

/// <summary>Quill: attention and feed-forward network side by side, queries and keys normed by head, every second layer sliding, gated branches.</summary>
[Architecture("quill", Rope = RopeKind.HalfSplit)]
public partial class Quill : DecoderModel
{
    [HyperParameter("embedding_scale", Hf = "embedding_multiplier")] public partial float EmbeddingScale { get; }
    [HyperParameter("attention.sliding_window", Hf = "sliding_window")] public partial int Window { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "layer_types", Values = "full=0|sliding=1")] public partial LayerPattern Slides { get; }
    [HyperParameter("final_logit_softcapping", Hf = "final_logit_softcap")] public partial float LogitSoftcap { get; }

    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd")] public partial LayerNorm OutputNorm { get; }
    [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    public partial class Layer : Block
    {
        [Tensor("Embd")] public partial LayerNorm AttnNorm { get; }
        [Tensor("Heads*HeadDim, Embd")] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd")] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd")] public partial Linear AttnV { get; }
        [Tensor("HeadDim")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim")] public partial RmsNorm AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim")] public partial Linear AttnOutput { get; }
        [Tensor("Embd")] public partial Weight AttnGate { get; }
        [Tensor("Ff, Embd")] public partial Linear FfnGate { get; }
        [Tensor("Ff, Embd")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff")] public partial Linear FfnDown { get; }
        [Tensor("Embd")] public partial Weight FfnBranchGate { get; }

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

// Checkpoints.
[HuggingFace("QuillForCausalLM"), Names(typeof(QuillNames))]
[Hf(nameof(RopeDims), "head_dim*partial_rotary_factor"), Hf(nameof(RmsEpsilon), "qk_norm_eps")]
[ConfigIs("parallel_residual", "true"), ConfigIs("residual_gate", "true"), ConfigIs("layer_norm_bias", "false")]
public partial class Quill;

internal static class QuillNames
{
    public const string TokenEmbd = "embed";
    public const string OutputNorm = "norm_f";
    public const string Layers = "blocks.{i}";
    public const string AttnNorm = "norm";
    public const string AttnQ = "attn.wq";
    public const string AttnK = "attn.wk";
    public const string AttnV = "attn.wv";
    public const string AttnQNorm = "attn.q_norm";
    public const string AttnKNorm = "attn.k_norm";
    public const string AttnOutput = "attn.wo";
    public const string AttnGate = "gate_attn";
    public const string FfnGate = "ffn.w_gate";
    public const string FfnUp = "ffn.w_up";
    public const string FfnDown = "ffn.w_down";
    public const string FfnBranchGate = "gate_ffn";
}
