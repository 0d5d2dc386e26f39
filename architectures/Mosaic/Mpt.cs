namespace ArchGen.Architectures;

/// <summary>MPT: GPT-2's layout with ALiBi, without biases, some with clamped queries, keys and values (MosaicML 2023).</summary>
[Architecture("mpt", Rope = RopeKind.None), Names(typeof(MosaicNames))]
public partial class Mpt : LayerNormDecoder
{
    [Tensor("ContextLength, Embd")] public partial Embedding? PositionEmbd { get; }
    [Tensor("Embd", Bias = Bias.Optional)] public new partial LayerNorm OutputNorm { get; }

    [HyperParameter("attention.max_alibi_bias", Hf = "attn_config.alibi_bias_max", Default = "0")] public partial float AlibiBias { get; }

    public partial class Layer : LayerNormLayer, IClippedAttention, IPlainFeedForward
    {
        [Tensor("Embd", Bias = Bias.Optional)] public new partial LayerNorm AttnNorm { get; }
        [Tensor("Embd", Bias = Bias.Optional)] public new partial LayerNorm FfnNorm { get; }
        [Tensor("Ff", Hf = "ffn.act.scales", Name = "ffn.act.scales")] public partial Weight? FfnActScales { get; }

        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, q => q, 1 / Sqrt(HeadDim), AlibiBias);
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, up => Scaled(Gelu(up)));

        // Activation-aware quantization moves a scale per channel from the activations to the weights (arXiv:2306.00978).
        private Tensor Scaled(Tensor gated) => FfnActScales is null ? gated : gated / FfnActScales;
    }

    protected override Tensor Embed(Tokens tokens) => Placed(base.Embed(tokens), tokens);

    private Tensor Placed(Tensor x, Tokens tokens) => PositionEmbd is null ? x : x + PositionEmbd.Of(tokens.Positions);
}

// Checkpoints.
[HuggingFace("MPTForCausalLM", "MptForCausalLM"), Hf(nameof(KvHeads), "attn_config.kv_n_heads")]
[Hf(nameof(Ff), "expansion_ratio*d_model|expansion_ratio*hidden_size"), Hf(nameof(LayerNormEpsilon), "layer_norm_epsilon|0.00001")]
[ConfigIs("attn_config.alibi", "true"), ConfigIs("norm_type", "low_precision_layernorm|layernorm")]
[ConfigIs("attn_config.qk_ln|attn_config.qk_gn|attn_config.prefix_lm|attn_config.rope", "false"), ConfigIs("attn_config.sliding_window_size", "-1")]
[ConfigIs("attn_config.attn_type", "multihead_attention|grouped_query_attention"), ConfigIs("ffn_config.ffn_type", "mptmlp"), ConfigIs("fc_type", "torch")]
[IgnoredConfig("learned_pos_emb|embedding_fraction", "with ALiBi there are no learned positions")]
[IgnoredTensors("blk.*.attn_k_norm.*", "without a norm of the queries, the keys have none")]
public partial class Mpt;
