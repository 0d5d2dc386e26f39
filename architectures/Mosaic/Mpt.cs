namespace ArchGen.Architectures;

/// <summary>MPT: GPT-2's layout with ALiBi, without biases, some with clamped queries, keys and values (MosaicML 2023).</summary>
[Architecture("mpt", Rope = RopeKind.None)]
public partial class Mpt : Mosaic
{
    [Tensor("ContextLength, Embd", Hf = "transformer.wpe")] public partial Embedding? PositionEmbd { get; }
    [Tensor("Embd", Hf = "transformer.norm_f", Bias = Bias.Optional)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }

    [HyperParameter("attention.max_alibi_bias", Hf = "attn_config.alibi_bias_max", Default = "0")] public partial float AlibiBias { get; }

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "norm_1", Bias = Bias.Optional)] public partial LayerNorm AttnNorm { get; }
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "attn.Wqkv", Bias = Bias.Optional)] public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "attn.out_proj", Bias = Bias.Optional)] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "norm_2", Bias = Bias.Optional)] public partial LayerNorm FfnNorm { get; }
        [Tensor("Ff, Embd", Hf = "ffn.up_proj", Bias = Bias.Optional)] public partial Linear FfnUp { get; }
        [Tensor("Ff", Hf = "ffn.act.scales", Name = "ffn.act.scales")] public partial Weight? FfnActScales { get; }
        [Tensor("Embd, Ff", Hf = "ffn.down_proj", Bias = Bias.Optional)] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var (q, k, v) = Qkv.Clipped(AttnQkv.Of(AttnNorm.Of(x)), ClampQkv, Heads * HeadDim, KvHeads * HeadDim);
            x += AttnOutput.Of(Attention(q.Heads(Heads), k.Heads(KvHeads), v.Heads(KvHeads), 1 / Sqrt(HeadDim), alibi: AlibiBias));
            var gated = Gelu(FfnUp.Of(FfnNorm.Of(x)));
            // Activation-aware quantization moves a scale per channel from the activations to the weights (arXiv:2306.00978).
            if (FfnActScales is not null) gated = gated / FfnActScales;
            return x + FfnDown.Of(gated);
        }
    }

    public override Tensor Forward(Tokens tokens)
    {
        var x = TokenEmbd.Of(tokens);
        if (PositionEmbd is not null) x += PositionEmbd.Of(tokens.Positions);
        return Output.Of(OutputNorm.Of(Layers.Of(x)));
    }
}

// Checkpoints.
[HuggingFace("MPTForCausalLM", "MptForCausalLM")]
[Hf(nameof(Ff), "expansion_ratio*d_model|expansion_ratio*hidden_size"), Hf(nameof(LayerNormEpsilon), "layer_norm_epsilon|0.00001")]
[ConfigIs("attn_config.alibi", "true"), ConfigIs("norm_type", "low_precision_layernorm|layernorm")]
[ConfigIs("attn_config.attn_type", "multihead_attention|grouped_query_attention")]
[ConfigIs("attn_config.qk_ln|attn_config.qk_gn|attn_config.prefix_lm|attn_config.rope", "false"), ConfigIs("attn_config.sliding_window_size", "-1")]
[ConfigIs("ffn_config.ffn_type", "mptmlp"), ConfigIs("fc_type", "torch")]
[IgnoredConfig("learned_pos_emb|embedding_fraction", "with ALiBi there are no learned positions")]
[IgnoredTensors("blk.*.attn_k_norm.*", "without a norm of the queries, the keys have none")]
public partial class Mpt;
