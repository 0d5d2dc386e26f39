namespace ArchGen.Architectures;

/// <summary>Hunyuan, dense: Llama with a norm on each head after its rotation, whose base grows with the length (Tencent 2025).</summary>
[Architecture("hunyuan-dense", Rope = RopeKind.HalfSplit)]
public partial class HunyuanDense : Decoder
{
    [HyperParameter("rope.scaling.alpha", Default = "0")] public partial float RopeAlpha { get; }

    // NTK-aware scaling; files of the dense models have the scaled base.
    public float FreqBase => RopeAlpha > 0 ? RopeFreqBase * MathF.Pow(RopeAlpha, HeadDim / (HeadDim - 2f)) : RopeFreqBase;

    public partial class Layer : PreNormLayer, IQkNorm, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.NormedLast(this, h, Rotary with { FreqBase = FreqBase }, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("HunYuanDenseV1ForCausalLM"), IgnoredConfig("eod_token_id", "the tokenizer has it")]
[Hf(nameof(RopeFreqBase), nameof(ScaledBase)), Hf(nameof(ContextLength), nameof(Length))]
[Hf(nameof(Layer.AttnQNorm), "self_attn.query_layernorm"), Hf(nameof(Layer.AttnKNorm), "self_attn.key_layernorm")]
public partial class HunyuanDense
{
    // Models with the author's dynamic scaling reach 256 K tokens, whatever the config says.
    private static int? Length(Config config)
    {
        var length = config.Int32("max_position_embeddings");
        return Alpha(config) is null ? length : 262144;
    }

    private static double? ScaledBase(Config config)
    {
        double? freqBase = config.Number("rope_theta"), alpha = Alpha(config);
        var size = config.Int32("head_dim") ?? 128;
        return alpha is null ? freqBase : freqBase * Math.Pow(alpha.Value, size / (size - 2.0));
    }

    private static double? Alpha(Config config) => config.Number("rope_parameters.alpha") ?? config.Number("rope_scaling.alpha");
}
