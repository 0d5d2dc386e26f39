namespace ArchGen.Architectures;

/// <summary>OLMo: Llama with layer norms that have no weights, and queries, keys and values that are clipped (arXiv:2402.00838).</summary>
[Architecture("olmo", Rope = RopeKind.Interleaved)]
public partial class Olmo : BaseDecoder
{
    [HyperParameter("attention.clamp_kqv", Hf = "clip_qkv", Default = "0")] public partial float ClipQkv { get; }

    public partial class Layer : Block, IAttention, IGatedFeedForward
    {
        public Tensor Forward(Tensor x)
        {
            var h = LayerNorm(x);
            Tensor q = Clipped(AttnQ.Of(h)).Heads(Heads), k = Clipped(AttnK.Of(h)).Heads(KvHeads), v = Clipped(AttnV.Of(h)).Heads(KvHeads);
            x += AttnOutput.Of(Attention(Rotary.Of(q), Rotary.Of(k), v, 1 / Sqrt(HeadDim)));
            return x + SwiGlu.Of(this, LayerNorm(x));
        }

        private Tensor Clipped(Tensor x) => ClipQkv > 0 ? Clamp(x, -ClipQkv, ClipQkv) : x;
    }

    protected override Tensor LastNorm(Tensor x) => LayerNorm(x);
}

// Checkpoints. The epsilon is a constant of the model's code.
[HuggingFace("OlmoForCausalLM"), Hf(nameof(LayerNormEpsilon), "0.00001")]
public partial class Olmo;
