namespace ArchGen.Architectures;

/// <summary>PLaMo 3: norms before and after each part and on each head, seven layers that slide to each full one (Preferred Networks 2025).</summary>
[Architecture("plamo3", Rope = RopeKind.HalfSplit)]
public partial class Plamo3 : Decoder
{
    [HyperParameter("attention.value_length", Hf = "head_dim", Default = "HeadDim")] public partial int ValueDim { get; }
    [HyperParameter("attention.sliding_window", Hf = "window_size|sliding_window", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "sliding_window_pattern", Default = "8")] public partial LayerPattern SlidingPattern { get; }
    [HyperParameter("rope.freq_base_swa", Hf = "rope_local_theta", Default = "10000")] public partial float SlidingFreqBase { get; }

    public partial class Layer : Block, IPackedFeedForward, IWindow
    {
        [Tensor("Embd", Hf = "pre_mixer_norm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("(Heads + KvHeads)*HeadDim + KvHeads*ValueDim, Embd", Hf = "mixer.qkv_proj")] public partial Linear AttnQkv { get; }
        [Tensor("HeadDim", Hf = "mixer.q_norm")] public partial RmsNorm AttnQNorm { get; }
        [Tensor("HeadDim", Hf = "mixer.k_norm")] public partial RmsNorm AttnKNorm { get; }
        [Tensor("Embd, Heads*ValueDim", Hf = "mixer.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_mixer_norm.weight", From = nameof(FifthPlus), Name = "post_attention_norm")] public partial Weight PostAttentionNorm { get; }
        [Tensor("Embd", Hf = "pre_mlp_norm")] public partial RmsNorm FfnNorm { get; }
        [Tensor("Embd", Hf = "post_mlp_norm.weight", From = nameof(SmallPlus), Name = "post_ffw_norm")] public partial Weight PostFfwNorm { get; }

        public Tensor Forward(Tensor x)
        {
            x += RmsNorm(Attend(AttnNorm.Of(x))) * PostAttentionNorm;
            return x + (RmsNorm(SwiGlu.Of(this, FfnNorm.Of(x))) * PostFfwNorm);
        }

        private Tensor Attend(Tensor h)
        {
            var (q, k, v) = AttnQkv.Of(h).Split(Heads * HeadDim, KvHeads * HeadDim, KvHeads * ValueDim);
            q = Rotary.Of(AttnQNorm.Of(q.Heads(Heads)));
            k = Rotary.Of(AttnKNorm.Of(k.Heads(KvHeads)));
            return AttnOutput.Of(Attention(q, k, v.Heads(KvHeads), 1 / Sqrt(HeadDim), window: Window));
        }

        protected override RotaryEmbedding Rotary => IsSliding ? base.Rotary with { FreqBase = SlidingFreqBase, IsScaled = false } : base.Rotary;
    }
}

// Checkpoints; their norms multiply by w and a constant.
[HuggingFace("Plamo3ForCausalLM", "PLaMo3ForCausalLM"), Hf(nameof(Layers), "model.layers.layers.{i}")]
[HfFrom(nameof(OnePlus), nameof(OutputNorm), nameof(Layer.AttnNorm), nameof(Layer.FfnNorm), nameof(Layer.AttnQNorm), nameof(Layer.AttnKNorm))]
public partial class Plamo3
{
    private static Weights FifthPlus(Weights norm) => norm.Plus(1 / 5f);
    private static Weights SmallPlus(Weights norm) => norm.Plus((float)(1 / Math.Pow(5, 1.5)));
}
