namespace ArchGen.Architectures;

/// <summary>ModernBERT: a pre-norm encoder, two sliding layers to each full one, gated feed-forward (arXiv:2412.13663).</summary>
[Architecture("modern-bert", Rope = RopeKind.HalfSplit)]
public partial class ModernBert : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embeddings.tok_embeddings|embeddings.tok_embeddings")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "model.embeddings.norm|embeddings.norm")] public partial LayerNorm TokenEmbdNorm { get; }
    [Tensor("Embd", Hf = "model.final_norm|final_norm")] public partial LayerNorm OutputNorm { get; }
    [Tensor("Embd, Embd")] public partial Linear? Cls { get; }
    [Tensor("Embd", Name = "cls.norm")] public partial LayerNorm? ClsNorm { get; }
    [Tensor("Labels, Embd", Name = "cls.output", RequiredIf = nameof(IsRanker), Bias = Bias.Optional)] public partial Linear ClsOutput { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}|layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("attention.sliding_window", Hf = "local_attention", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "global_attn_every_n_layers", Default = "3", FirstDiffers = true)]
    public partial LayerPattern SlidingPattern { get; }
    [HyperParameter("rope.freq_base_swa", Hf = "local_rope_theta", Default = "RopeFreqBase")] public partial float SlidingFreqBase { get; }
    [HyperParameter("hidden_activation", Hf = "hidden_activation", Default = "gelu")] public partial string Activation { get; }

    public partial class Layer : Block, IPackedFeedForward
    {
        [Tensor("Embd", Hf = "attn_norm", RequiredIf = nameof(IsLater))] public partial LayerNorm? AttnNorm { get; }
        [Tensor("3*Embd, Embd", Hf = "attn.Wqkv")] public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "attn.Wo")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "mlp_norm")] public partial LayerNorm FfnNorm { get; }

        // The embedding's norm is that of the first layer.
        public bool IsLater => Index > 0;
        public bool IsSliding => SlidingWindow > 0 && SlidingPattern[Index];

        public Tensor Forward(Tensor x)
        {
            var qkv = AttnQkv.Of(AttnNorm?.Of(x) ?? x);
            var q = Position(qkv.Slice(0, Heads * HeadDim).Heads(Heads));
            var k = Position(qkv.Slice(Embd, KvHeads * HeadDim).Heads(KvHeads));
            var v = qkv.Slice(Embd + (KvHeads * HeadDim), KvHeads * HeadDim).Heads(KvHeads);
            x += AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), window: IsSliding ? SlidingWindow : 0));
            return x + Ffn.Of(this, FfnNorm.Of(x), gate => Activation == "silu" ? Silu(gate) : Gelu(gate));
        }

        private Tensor Position(Tensor heads) => Rope(heads, freqBase: IsSliding ? SlidingFreqBase : RopeFreqBase, scaled: !IsSliding);
    }

    public override Tensor Forward(Tokens tokens) => OutputNorm.Of(Layers.Of(TokenEmbdNorm.Of(TokenEmbd.Of(tokens))));

    public override RankedRow RankedRow => RankedRow.Mean;

    protected override Tensor Rank(Tensor row) => ClsOutput.Of(Cls is null ? row : Norm(Gelu(Cls.Of(row))));

    private Tensor Norm(Tensor row) => ClsNorm is null ? row : ClsNorm.Of(row);
}

// Checkpoints.
[HuggingFace("ModernBertModel", "ModernBertForMaskedLM", "ModernBertForSequenceClassification")]
[Default(nameof(IsCausal), "false"), Hf(nameof(IsCausal), "false")]
[Hf(nameof(Layer.FfnUp), "mlp.Wi"), Hf(nameof(Layer.FfnDown), "mlp.Wo")]
[Hf(nameof(LayerNormEpsilon), "norm_eps|layer_norm_eps"), Hf(nameof(RopeFreqBase), "global_rope_theta")]
[ConfigIs("is_causal|causal_mask", "false"), IgnoredConfig("layer_types", "global_attn_every_n_layers says the same")]
public partial class ModernBert;
