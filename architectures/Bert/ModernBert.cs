namespace ArchGen.Architectures;

/// <summary>ModernBERT: a pre-norm encoder, two sliding layers to each full one, gated feed-forward (arXiv:2412.13663).</summary>
[Architecture("modern-bert", Rope = RopeKind.HalfSplit)]
public partial class ModernBert : Encoder
{
    [Tensor("Embd", Hf = "embeddings.norm")] public partial LayerNorm TokenEmbdNorm { get; }
    [Tensor("Embd", Hf = "final_norm")] public partial LayerNorm OutputNorm { get; }
    [Tensor("Embd, Embd")] public new partial Linear? Cls { get; }
    [Tensor("Embd", Name = "cls.norm")] public partial LayerNorm? ClsNorm { get; }

    [HyperParameter("attention.sliding_window_pattern", Hf = "global_attn_every_n_layers", Default = "3", FirstDiffers = true)]
    public partial LayerPattern SlidingPattern { get; }
    [HyperParameter("hidden_activation", Hf = "hidden_activation", Default = "gelu")] public partial string Activation { get; }

    public partial class Layer : Block, ISlicedAttention, IWindow, IWindowRope, IPackedFeedForward
    {
        // The embedding's norm is that of the first layer.
        [Tensor("Embd", Hf = "attn_norm", RequiredIf = nameof(IsLater))] public partial LayerNorm? AttnNorm { get; }
        [Tensor("3*Embd, Embd", Hf = "attn.Wqkv")] public partial Linear AttnQkv { get; }
        [Tensor("Embd", Hf = "mlp_norm")] public partial LayerNorm FfnNorm { get; }

        public bool IsLater => Index > 0;

        public Tensor Forward(Tensor x)
        {
            x += SelfAttention.Of(this, AttnNorm?.Of(x) ?? x, Rotary with { FreqBase = FreqBase, IsScaled = !IsSliding }, 1 / Sqrt(HeadDim), Window);
            return x + Ffn.Of(this, FfnNorm.Of(x), gate => Activation == "silu" ? Silu(gate) : Gelu(gate));
        }
    }

    public override Tensor Forward(Tokens tokens) => OutputNorm.Of(Layers.Of(TokenEmbdNorm.Of(TokenEmbd.Of(tokens))));
    public override RankedRow RankedRow => RankedRow.Mean;
    protected override Tensor Activate(Tensor row) => ClsNorm?.Of(Gelu(row)) ?? Gelu(row);
}

// Checkpoints.
[HuggingFace("ModernBertModel", "ModernBertForMaskedLM", "ModernBertForSequenceClassification")]
[Hf(nameof(TokenEmbd), "embeddings.tok_embeddings"), Hf(nameof(Layers), "layers.{i}"), Hf(nameof(Layer.AttnOutput), "attn.Wo")]
[Hf(nameof(Layer.FfnUp), "mlp.Wi"), Hf(nameof(Layer.FfnDown), "mlp.Wo")]
[Hf(nameof(IWindow.SlidingWindow), "local_attention"), Hf(nameof(IWindowRope.SlidingFreqBase), "local_rope_theta")]
[Hf(nameof(LayerNormEpsilon), "norm_eps|layer_norm_eps"), Hf(nameof(RopeFreqBase), "global_rope_theta")]
[ConfigIs("is_causal|causal_mask", "false"), IgnoredConfig("layer_types", "global_attn_every_n_layers says the same")]
public partial class ModernBert;
