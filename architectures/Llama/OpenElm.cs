namespace ArchGen.Architectures;

/// <summary>OpenELM: Llama whose heads and widths grow from layer to layer, with a norm on each head (arXiv:2404.14619).</summary>
[Architecture("openelm", Rope = RopeKind.HalfSplit), Default(nameof(HeadDim), "Embd/FirstHeads")]
public partial class OpenElm : Decoder
{
    public int FirstHeads => Heads[0];

    public partial class Layer : PreNormLayer, IPackedQkNorm, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("OpenELMForCausalLM"), Hf(nameof(Embd), "model_dim"), Hf(nameof(BlockCount), "num_transformer_layers")]
[Hf(nameof(TokenEmbd), "transformer.token_embeddings"), Hf(nameof(OutputNorm), "transformer.norm"), Hf(nameof(Layers), "transformer.layers.{i}")]
[Hf(nameof(Layer.AttnNorm), "attn_norm"), Hf(nameof(Layer.AttnQkv), "attn.qkv_proj"), Hf(nameof(Layer.AttnOutput), "attn.out_proj")]
[Hf(nameof(Layer.AttnQNorm), "attn.q_norm"), Hf(nameof(Layer.AttnKNorm), "attn.k_norm"), Hf(nameof(Layer.FfnNorm), "ffn_norm")]
[HfFused("ffn.proj_1", nameof(Layer.FfnGate), nameof(Layer.FfnUp)), Hf(nameof(Layer.FfnDown), "ffn.proj_2")]
[Hf(nameof(ContextLength), "max_context_length"), Hf(nameof(Ff), nameof(WidthByLayer)), Hf(nameof(RmsEpsilon), "0.000001")]
[Hf(nameof(Heads), "num_query_heads"), Hf(nameof(KvHeads), "num_kv_heads"), Hf(nameof(RopeFreqBase), "rope_freq_constant")]
[ConfigIs("activation_fn_name", "swish"), ConfigIs("normalization_layer_name", "rms_norm"), ConfigIs("normalize_qk_projections", "true")]
[ConfigIs("ffn_with_glu", "true"), ConfigIs("share_input_output_layers", "true"), IgnoredConfig("rope_max_length", "the length of a table")]
[IgnoredConfig("num_gqa_groups|qkv_multipliers", "the heads of each layer follow from them, and are stated")]
public partial class OpenElm
{
    // The width times a multiplier, to the nearest multiple of the divisor that is not below nine tenths of it.
    private static List<int>? WidthByLayer(Config config)
    {
        var (embd, divisor, multipliers) = (config.Int32("model_dim"), config.Int32("ffn_dim_divisor") ?? 256, config.Numbers("ffn_multipliers"));
        if (divisor < 1) throw config.Error("ffn_dim_divisor", $"is {divisor}, expected 1 or more");
        return multipliers?.Select(m => Rounded(m * (embd ?? 0))).ToList();

        int Rounded(double width)
        {
            var rounded = Math.Max(divisor, (int)(width + (divisor / 2.0)) / divisor * divisor);
            return rounded < 0.9 * width ? rounded + divisor : rounded;
        }
    }
}
